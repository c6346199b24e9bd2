import type { TopicRecord } from './record.ts';

/** Where a partition can be read: from startOffset (inclusive) to endOffset (exclusive). */
export interface PartitionRange {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

export interface ReadLimits {
  readonly maxRecords: number;
  /** Bytes of keys, values and headers; the first record of a page may be larger by itself. */
  readonly maxBytes: number;
}

export interface RecordPage {
  readonly records: readonly TopicRecord[];
  /** Where the next page begins. */
  readonly nextOffset: bigint;
  readonly range: PartitionRange;
}

/** Records in the order of positions, across partitions; the next page begins after a position. */
export interface PositionPage {
  readonly records: readonly TopicRecord[];
  readonly nextPosition: bigint | null;
}

/** What is known of a message id. Replays append the same id again, so there may be several records. */
export interface MessageTrace {
  readonly records: readonly TopicRecord[];
  /** Copies that are committed but not in the log yet. */
  readonly pending: number;
}

/**
 * Reads topics, whatever keeps them. Offsets are final: a page read twice is the same twice.
 * Throws TOPIC_UNKNOWN, PARTITION_INVALID, OFFSET_OUT_OF_RANGE.
 */
export interface TopicReader {
  /** Ends of every partition, in order of partition; empty partitions included. */
  ranges(topic: string): Promise<PartitionRange[]>;
  range(topic: string, partition: number): Promise<PartitionRange>;
  /** Records from `offset` on. At the end of the partition the page is empty; beyond it, or before its start, it throws. */
  read(topic: string, partition: number, offset: bigint, limits: ReadLimits): Promise<RecordPage>;
  /**
   * A page of each partition that has records from its offset on; a partition that `from` does not name begins at its
   * start. The limits hold for all pages together; the partition whose next record is the oldest comes first, and
   * those that find no room come with the next call. Throws as `read` does.
   */
  readEach(topic: string, from: ReadonlyMap<number, bigint>, limits: ReadLimits): Promise<RecordPage[]>;
  /** Offset of the first record written at or after `time`, or the end offset when there is none (as Kafka's ListOffsets). */
  offsetAt(topic: string, partition: number, time: Date): Promise<bigint>;
  /** Records of all partitions in the order of positions: after a position, or from the first one written at or after a time. */
  readSince(topic: string, from: bigint | Date, limits: ReadLimits): Promise<PositionPage>;
  /** Records with this key in their order, after a position. */
  readByKey(topic: string, key: Buffer, afterPosition: bigint, limits: ReadLimits): Promise<PositionPage>;
  findMessage(messageId: string): Promise<MessageTrace>;
}
