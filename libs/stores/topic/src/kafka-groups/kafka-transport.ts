import { createKafkaClient, type KafkaConnectionSettings } from '#libs/foundation/kafka';
import type { TopicPartition } from '../groups/topic-partition.ts';
import { type GroupProtocol, KafkaGroupCoordinator } from './kafka-group-coordinator.ts';
import { KafkaRecordSource } from './kafka-record-source.ts';

export interface KafkaTransportOptions {
  /** Its requestTimeoutMs should be well below the member's session timeout: a heartbeat without an answer is as long in vain. */
  readonly connection: KafkaConnectionSettings;
  /** The cluster's name here; part of the ids of records that carry none. */
  readonly cluster: string;
  /** Default: the consumer protocol where the cluster has it, else the classic one. */
  readonly protocol?: GroupProtocol;
  /** What went wrong on the way and is tried again. Must not throw. */
  readonly onTrouble: (error: unknown, partition?: TopicPartition) => void;
}

/** What one GroupMember needs to belong to a group of a Kafka cluster. */
export interface KafkaTransport {
  readonly coordinator: KafkaGroupCoordinator;
  readonly source: KafkaRecordSource;
  /** The names of all topics of the cluster but Kafka's own, for subscriptions by pattern. Throws as KafkaClient does. */
  listTopics(): Promise<string[]>;
  start(): Promise<void>;
  /** After the member has stopped. Rejects with STOP_DEADLINE_EXCEEDED when a fetch hangs; connections are ended all the same. */
  stop(options: { readonly deadlineMs: number }): Promise<void>;
}

/** Connections, coordinator and source for one member. Nothing is connected before the first call. */
export function kafkaTransport(options: KafkaTransportOptions): KafkaTransport {
  const { connection, cluster, onTrouble, protocol } = options;
  const client = createKafkaClient(connection);
  // Fetches wait for records: nobody else may have to wait behind them.
  const fetches = createKafkaClient(connection);
  const coordinator = new KafkaGroupCoordinator({ client, onTrouble, ...(protocol && { protocol }) });
  const source = new KafkaRecordSource({
    client: fetches,
    cluster,
    onTrouble,
    // It tells its own failures.
    onLostEnd: (partition, endOffset) => void coordinator.rewind(partition, endOffset),
  });
  return {
    coordinator,
    source,
    async listTopics() {
      const { topics } = await client.metadata(undefined);
      return topics.filter((topic) => topic.errorCode === 0 && !topic.name.startsWith('__')).map((topic) => topic.name);
    },
    start: () => source.start(),
    async stop(stop) {
      try {
        await source.stop(stop);
      } finally {
        await Promise.all([client.close(), fetches.close()]);
      }
    },
  };
}
