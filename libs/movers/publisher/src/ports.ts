import type { StoredRecords, TopicRecord } from '#libs/stores/topic';

/** A topic as the publisher routes it. */
export interface LogTopic {
  readonly topicId: number;
  readonly name: string;
  readonly partitions: number;
  /** Largest message that it takes: key, payload and headers. */
  readonly messageMaxBytes: number;
}

export interface LogHead {
  readonly topicId: number;
  readonly partition: number;
  /** Records are there from startOffset (inclusive) to endOffset (exclusive). */
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

export interface RunWanted {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: bigint;
  /** Position of an earlier record of the partition, if one is known: messages up to it need not be looked at. */
  readonly after?: bigint;
}

/** Consecutive records of one partition, from `offset` on. */
export interface RecordRun extends RunWanted {
  /** To be taken from the front, once. */
  readonly stored: StoredRecords;
  /** The same as objects. */
  readonly records: readonly TopicRecord[];
}

/** They hold for all runs of a read together. */
export interface ReadLimits {
  readonly maxRecords: number;
  /** Bytes of keys, values and headers; one record may exceed them. */
  readonly maxBytes: number;
  /** What will come, roughly, so that room for it is made at once. */
  readonly bytesExpected?: number;
}

/** The log as a publisher reads it. */
export interface PublishSource {
  /** All topics. */
  topics(): Promise<readonly LogTopic[]>;
  /** Partitions that got records behind a cursor, and the cursor to ask with next time. 0 asks for all. */
  heads(sinceCursor: bigint): Promise<{ readonly cursor: bigint; readonly heads: readonly LogHead[] }>;
  /**
   * A run for each wanted partition that has records there and for which the limits leave room, the one whose next record
   * is the oldest first. A partition is wanted once; one whose offset is before its start has no run.
   */
  read(wanted: readonly RunWanted[], limits: ReadLimits): Promise<readonly RecordRun[]>;
  /** Resolves once the log may have moved beyond the cursor, or after `timeoutMs`, or on abort. */
  waitBeyond(cursor: bigint, timeoutMs: number, signal?: AbortSignal): Promise<void>;
}
