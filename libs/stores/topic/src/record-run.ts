import type { TopicRecord } from './record.ts';
import type { StoredRecords } from './stored-records.ts';

/** The next record that is wanted of a partition. */
export interface RunStart {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: bigint;
  /** Position of some earlier record of the partition, so that Postgres need not look at older messages; default 0. */
  readonly after?: bigint;
}

export interface RunLimits {
  readonly maxRecords: number;
  /** Bytes of keys, values and headers. */
  readonly maxBytes: number;
  /** What will come, roughly: room for it is made at once. Default: little. */
  readonly bytesExpected?: number;
}

/** Consecutive records of one partition, from the offset that was asked for; at least one. */
export interface FoundRun extends RunStart {
  /** The records for one who sends them on: to be taken once, and nothing of it is decoded before it is needed. */
  readonly stored: StoredRecords;
  /** The same records as objects. They share memory with all that was read together. */
  readonly records: readonly TopicRecord[];
}
