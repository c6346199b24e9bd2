/** A run of records of one partition, appended in one step. `offset = baseOffset + index in positions`. */
export interface Batch {
  readonly topicId: number;
  readonly partition: number;
  readonly baseOffset: bigint;
  /** Ascending. */
  readonly positions: readonly bigint[];
  readonly bytes: number;
  /** Times in microseconds since the epoch. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** Highest time in the partition up to the end of this batch. */
  readonly highUs: number;
  readonly placeholders: number;
}

/** Why a message cannot be sent anywhere. Its place is kept, its body stays in the outbox. */
export interface Placeholder {
  readonly topicId: number;
  /** -1 with the position as offset when there is no partition to keep a place in. */
  readonly partition: number;
  readonly offset: bigint;
  readonly position: bigint;
  readonly reason: PlaceholderReason;
  readonly detail: string;
}

export type PlaceholderReason = 'too-large' | 'partition-out-of-range' | 'topic-unknown';

/** The end of a partition. */
export interface Head {
  readonly nextOffset: bigint;
  /** Highest time so far in microseconds since the epoch; 0 when the partition is empty. */
  readonly highUs: number;
}
