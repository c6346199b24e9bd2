import type { FetchedRecord } from './record.ts';

export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** Kafka's error code; 0 when the partition has a leader. */
  readonly errorCode: number;
  /** Broker id; -1 without a leader. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  readonly errorCode: number;
  /** Changes when a topic is deleted and created again (KIP-516); null when the cluster does not tell. */
  readonly id: string | null;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly clusterId: string | null;
  readonly controller: number;
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

export interface ProduceBatch extends Partition {
  /**
   * The topic that is meant: a broker that can tell (Kafka 4.1 and later) refuses the batch with UNKNOWN_TOPIC_ID where
   * another one has the name now. Without it: whatever topic has the name. For all batches of a request or for none.
   */
  readonly topicId?: string | null;
  /** An encoded record batch, see encodeRecordBatch. */
  readonly bytes: Buffer;
}

export interface ProduceResult extends Partition {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Offset of the first record; of the original one when the broker recognised a duplicate; -1 after an error. */
  readonly baseOffset: bigint;
  readonly logStartOffset: bigint;
}

export interface ProduceAnswer {
  /** The broker asks to send nothing for so long. */
  readonly throttleMs: number;
  readonly results: readonly ProduceResult[];
}

export interface LogEnd extends Partition {
  readonly errorCode: number;
  readonly leaderEpoch: number;
  /** The leader's log end, records included that are not replicated yet; -1 when it is not known. */
  readonly endOffset: bigint;
}

export interface ProducerState {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestampMs: number;
}

export interface PartitionProducers extends Partition {
  readonly errorCode: number;
  readonly producers: readonly ProducerState[];
}

export interface ListedOffset extends Partition {
  readonly errorCode: number;
  readonly offset: bigint;
}

export interface FetchRequest extends Partition {
  readonly offset: bigint;
  readonly maxBytes: number;
  /**
   * The topic that is meant: UNKNOWN_TOPIC_ID or INCONSISTENT_TOPIC_ID where another one has the name now. Without it:
   * whatever topic has the name. For all partitions of a request or for none.
   */
  readonly topicId?: string | null;
  /** Of the leader that is asked: another one answers FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH. Default: not looked at. */
  readonly leaderEpoch?: number;
}

/** Whether records count whose transaction is open or was aborted. Those written without a transaction always do. */
export type Isolation = 'read_uncommitted' | 'read_committed';

export interface FetchedPartition extends Partition {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
  /**
   * From the offset asked for on; records before it in the same batch are left out, so are control records and, with
   * `read_committed`, those of aborted transactions.
   */
  readonly records: readonly FetchedRecord[];
  /** Where the next fetch begins: behind the last batch read, with what was left out. */
  readonly nextOffset: bigint;
}

export interface TopicToCreate {
  readonly name: string;
  readonly partitions: number;
  /** -1 asks for the cluster's default. */
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface TopicOutcome {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface GroupOffset extends Partition {
  readonly offset: bigint;
  readonly metadata: string | null;
}

/**
 * One Kafka cluster, call by call: nothing is retried and nothing is cached but connections. What a broker says of a
 * partition is data (Kafka's error codes, see kafka-errors.ts); a call throws only when it has no answer:
 * KAFKA_UNREACHABLE (retryable; the request may have been carried out nevertheless), KAFKA_AUTHENTICATION_FAILED,
 * KAFKA_UNSUPPORTED when the cluster does not know the call, KAFKA_REFUSED for an error of the whole call.
 *
 * Requests to one broker are sent in the order of the calls, several at a time; produce requests have a connection of their own.
 */
export interface KafkaClient {
  /** Versions that both sides speak, by api key. */
  abilities(): Promise<ReadonlyMap<number, { readonly min: number; readonly max: number }>>;
  /** `undefined`: all topics; an empty list: only the brokers. Never creates a topic. */
  metadata(topics: readonly string[] | undefined): Promise<ClusterMetadata>;
  /** A new producer id, not transactional. */
  initProducerId(): Promise<{ producerId: bigint; producerEpoch: number }>;
  /** acks=all. At most one batch per partition. */
  produce(broker: number, batches: readonly ProduceBatch[], timeoutMs: number): Promise<ProduceAnswer>;
  /** OffsetsForLeaderEpoch with the current epoch: ListOffsets answers the high watermark, not the log end. */
  logEnds(broker: number, of: readonly (Partition & { readonly leaderEpoch: number })[]): Promise<readonly LogEnd[]>;
  producers(broker: number, of: readonly Partition[]): Promise<readonly PartitionProducers[]>;
  listOffsets(
    broker: number,
    of: readonly Partition[],
    at: 'earliest' | 'latest' | { readonly timestampMs: number },
    /** With `read_committed`, `latest` is where the first open transaction begins. Default `read_uncommitted`. */
    isolation?: Isolation,
  ): Promise<readonly ListedOffset[]>;
  /** Waits up to `maxWaitMs` for a first record. Default `read_uncommitted`. */
  fetch(
    broker: number,
    of: readonly FetchRequest[],
    maxWaitMs: number,
    isolation?: Isolation,
  ): Promise<readonly FetchedPartition[]>;
  createTopics(topics: readonly TopicToCreate[], timeoutMs: number): Promise<readonly TopicOutcome[]>;
  createPartitions(topic: string, partitions: number, timeoutMs: number): Promise<TopicOutcome>;
  /** Effective configs of topics, by name; without those that are not there or not ours to see. */
  topicConfigs(topics: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** Committed offsets of a group. */
  groupOffsets(group: string): Promise<readonly GroupOffset[]>;
  /** Members that a group has now. */
  groupMembers(group: string): Promise<number>;
  /** Commits from outside of the group, which must have no members; without leader epochs (they belong to another cluster). */
  commitGroupOffsets(
    group: string,
    offsets: readonly GroupOffset[],
  ): Promise<readonly (Partition & { readonly errorCode: number })[]>;
  /** Ends all connections; calls in flight throw KAFKA_UNREACHABLE. */
  close(): Promise<void>;
}
