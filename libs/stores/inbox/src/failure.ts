/** Where a record is. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** An error as it is kept. What is longer than the limit is cut. */
export interface FailureError {
  /** At most 256 bytes, as the class of the cause. */
  readonly errorClass: string;
  readonly causeClass: string | null;
  /** At most 1 KB. */
  readonly message: string;
  /** At most 8 KB. */
  readonly stack: string | null;
}

/** A delivery that was given up where it was, and where its message went. */
export interface FailedDelivery {
  readonly group: string;
  /** The handler, by the name of its subscription. At most 256 bytes. */
  readonly subscription: string;
  /** Version of the application; at most 128 bytes. */
  readonly appVersion?: string | null;
  /** Where the message was first published. */
  readonly origin: RecordPlace;
  /** The record whose delivery failed: the origin itself, or one of a retry topic. */
  readonly delivery: RecordPlace;
  readonly messageId: string;
  /** At most 64 bytes. */
  readonly dlqId: string;
  readonly key: Buffer | null;
  readonly attempts: number;
  /** The time of the database takes the place of one that is no date of the first 10,000 years. */
  readonly firstFailedAt: Date;
  readonly failedAt: Date;
  readonly error: FailureError;
  readonly state: 'retrying' | 'dead';
  readonly sentTo: string;
  readonly dueAt: Date | null;
}

export type FailureState = 'retrying' | 'dead' | 'resolved';

/** A message that a group could not handle, as it is kept. */
export interface Failure {
  /** Grows with each new failure; the cursor of pages. */
  readonly id: bigint;
  readonly group: string;
  readonly subscription: string;
  readonly appVersion: string | null;
  readonly origin: RecordPlace;
  readonly messageId: string;
  readonly dlqId: string;
  readonly key: Buffer | null;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly error: FailureError;
  readonly state: FailureState;
  readonly sentTo: string;
  readonly dueAt: Date | null;
  /** How it was resolved: `handled`, or `by hand: ` and the reason; null while it is not. */
  readonly resolution: string | null;
}

export interface FailurePage {
  /** Only those in this state; default all. */
  readonly state?: FailureState;
  /** Those older than the one with this id; default from the newest on. */
  readonly before?: bigint;
  /** From 1 to 1,000. */
  readonly limit: number;
}
