import type { Clock } from '#libs/foundation/kernel';
import type { Compression, KafkaClient, KafkaRecord, ProducerPlace } from '#libs/foundation/kafka';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ClusterStore } from '#libs/stores/log';
import type { TopicRecord } from '#libs/stores/topic';
import type { PublishSource } from './ports.ts';
import type { PublisherObserver } from './publisher-observer.ts';

/** Where a topic goes on the cluster. */
export interface PublishRoute {
  /** Its name there. */
  readonly name: string;
  /** How many it is to have; null: as many as the log has, which is the only number that works. */
  readonly partitions: number | null;
  /** -1 asks for the cluster's default. */
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
  /** Whether the publisher may create the topic and add partitions. */
  readonly create: boolean;
}

export type EncodeBatch = (
  records: readonly KafkaRecord[],
  options: { readonly place?: ProducerPlace; readonly compression: Compression },
) => Buffer;

/** What a publisher works with. Decisions of others come as pure functions. */
export interface PublisherParts {
  readonly client: KafkaClient;
  readonly store: ClusterStore;
  readonly source: PublishSource;
  readonly observer: PublisherObserver;
  readonly encodeBatch: EncodeBatch;
  /** undefined: the topic does not go to this cluster. */
  readonly routeOf: (topic: string) => PublishRoute | undefined;
  /** Deterministic; must carry the message id in the header `tidemark-message-id`. */
  readonly recordFor: (record: TopicRecord, clusterTopic: string) => KafkaRecord;
  /** Of the brokers' records; wall time. */
  readonly clock?: Clock;
  /** Of leases and waits; never goes back. In ms. */
  readonly monotonic?: () => number;
  readonly sleep?: Sleep;
  readonly random?: () => number;
}
