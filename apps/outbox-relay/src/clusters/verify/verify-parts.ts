import type { KafkaClient, KafkaRecord } from '#libs/foundation/kafka';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import type { PostgresTopicReader, TopicRecord } from '#libs/stores/topic';

/** A partition by the topic's own name. */
export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
}

/** What a verification works with. */
export interface VerifyParts {
  readonly cluster: { readonly name: string; readonly clusterId: number };
  readonly client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'fetch' | 'topicConfigs'>;
  readonly db: Queryable;
  readonly reader: Pick<PostgresTopicReader, 'ranges' | 'read'>;
  /** What stands for a record on the cluster, placeholders apart. */
  readonly recordFor: (record: TopicRecord, clusterTopic: string) => KafkaRecord;
  /** Asks whoever publishes to the cluster to put back what partitions lack at their end. */
  readonly askForRepair: (partitions: readonly PartitionPlace[]) => Promise<void>;
  readonly signal: AbortSignal;
  readonly sleep: Sleep;
  /** In ms; never goes back. */
  readonly now: () => number;
  readonly random: () => number;
}
