import type { Clock } from '#libs/foundation/kernel';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import type { KafkaClient } from '#libs/foundation/kafka';
import type { TopicPartition } from '../groups/topic-partition.ts';

export interface KafkaSourceOptions {
  /** One of this source's own: a fetch that waits for records holds up the fetches of others on the same connection. */
  readonly client: Pick<KafkaClient, 'metadata' | 'fetch' | 'listOffsets'>;
  /** The cluster's name here; part of the ids of records that carry none. */
  readonly cluster: string;
  /** A fetch failed, of one partition or of a whole broker, and is tried again. Must not throw. */
  readonly onTrouble: (error: unknown, partition?: TopicPartition) => void;
  /** A log has lost its end and ends here now. Must not throw. Default: nothing is done. */
  readonly onLostEnd?: (partition: TopicPartition, endOffset: bigint) => void;
  /** How long a broker waits for a first record, ms; also how long a partition may wait for its first fetch. Default 500. */
  readonly fetchWaitMs?: number;
  /** Fetched ahead of one partition, bytes; a batch may exceed it. Default 1 MiB. */
  readonly partitionMaxBytes?: number;
  /** Fetched ahead in all, bytes; one fetch may exceed it by one batch of each partition. Default 8 MiB. */
  readonly bufferMaxBytes?: number;
  /** Must be monotonic; default: the process's monotonic clock. */
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** In [0, 1); spreads retries. Default Math.random. */
  readonly random?: () => number;
}

export type KafkaSourceSettings = Required<KafkaSourceOptions>;

export function kafkaSourceSettings(options: KafkaSourceOptions): KafkaSourceSettings {
  return {
    client: options.client,
    cluster: options.cluster,
    onTrouble: options.onTrouble,
    onLostEnd: options.onLostEnd ?? (() => undefined),
    fetchWaitMs: options.fetchWaitMs ?? 500,
    partitionMaxBytes: options.partitionMaxBytes ?? 1024 * 1024,
    bufferMaxBytes: options.bufferMaxBytes ?? 8 * 1024 * 1024,
    clock: options.clock ?? { now: () => performance.now() },
    sleep: options.sleep ?? systemSleep,
    random: options.random ?? Math.random,
  };
}
