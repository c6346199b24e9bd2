import type { Attempt } from '#libs/foundation/postgres';
import type { DropProgress } from './drop-step.ts';

/** A partition of inbox.handled whose time to be kept has passed. */
export interface ExpiredPartition {
  readonly relation: string;
  readonly progress: DropProgress;
}

/** Postgres as the maintenance of the inbox sees it. Every write is idempotent: it may be repeated after a crash. */
export interface InboxRetention {
  /** Creates partitions ahead of the consumers and returns how many; never waits. */
  ensurePartitions(): Promise<number>;
  /** Takes or keeps the turn for `leaseMs`; false while somebody else has it. */
  takeTurn(holder: string, leaseMs: number): Promise<boolean>;
  giveTurnBack(holder: string): Promise<void>;
  /** Marks the partitions that ended longer ago than rows are kept, and gives all that are marked, the oldest first. */
  expire(): Promise<ExpiredPartition[]>;
  /** `blocked`: a transaction that has used inbox.handled is still open; the detach is finished by a later `finalize`. */
  detach(relation: string): Promise<Attempt>;
  finalizeDetach(relation: string): Promise<Attempt>;
  dropTable(relation: string): Promise<Attempt>;
  forget(relation: string): Promise<'done'>;
  /** Deletes at most `limit` failures that are past their time; returns how many. */
  forgetFailures(limit: number): Promise<number>;
}
