import type { Queryable } from '#libs/foundation/postgres';

/** Where messages come from, and where it is noted that they are done: a partition, or the parked messages. */
export interface Origin {
  /** Aborted when no further try and no pause may begin; a handler may still end. */
  readonly ending: AbortSignal;
  /** Aborted when nothing may be committed any more. */
  readonly lost: AbortSignal;
  /** First in a transaction: false when the message is not there any more; then the transaction has to be rolled back. */
  claim(tx: Queryable): Promise<boolean>;
  /** What a transaction that ends the messages of these offsets may commit with them; null for nothing. */
  planOffset(offsets: readonly bigint[]): PlannedOffset | null;
  /** The messages of these offsets are done. */
  finish(offsets: readonly bigint[]): void;
}

/** An offset that one transaction commits. While it is planned nobody else commits one of the partition. */
export interface PlannedOffset {
  /** Last in the transaction. */
  write(tx: Queryable): Promise<void>;
  /** Has to follow, once, when the transaction has ended. */
  settle(committed: boolean): void;
}
