import type { Attempt } from '#libs/foundation/postgres';
import type { DropProgress } from './drop-progress.ts';
import type { PartitionFacts, PartitionVerdict, PositionRange } from './partition-verdict.ts';

/** A partition of outbox.message as it is registered. */
export interface RegisteredPartition extends PositionRange {
  readonly relation: string;
  readonly progress: DropProgress;
  /** Time since it was marked for dropping, in ms by the clock of Postgres; null when it is not. */
  readonly markedForMs: number | null;
}

/** Postgres as the maintenance of partitions sees it. Every write is idempotent: it may be repeated after a crash. */
export interface RetentionStore {
  /** Creates partitions ahead of the writers and returns how many; never waits. */
  ensurePartitions(): Promise<number>;
  /** Takes or keeps the turn for `leaseMs`; false while somebody else has it. */
  takeTurn(holder: string, leaseMs: number): Promise<boolean>;
  giveTurnBack(holder: string): Promise<void>;
  /** In order of their positions. */
  partitions(): Promise<RegisteredPartition[]>;
  cursor(): Promise<bigint>;
  /** Cheap facts: the ages of topics are upper bounds, and `straddled` is not looked at. */
  estimate(range: PositionRange): Promise<PartitionFacts>;
  /**
   * In one transaction: reads the exact facts, asks `judge`, and if it says drop raises the start offsets and marks the
   * partition. Throws DATABASE_BUSY when the locks cannot be had within a second.
   */
  markForDrop(range: PositionRange, judge: (facts: PartitionFacts) => PartitionVerdict): Promise<PartitionVerdict>;
  /** `blocked`: a transaction that has used outbox.message is still open; the detach is finished by a later `finalize`. */
  detach(relation: string): Promise<Attempt>;
  finalizeDetach(relation: string): Promise<Attempt>;
  dropTable(relation: string): Promise<Attempt>;
  /** Deletes at most `limit` batches of the range with their placeholders; returns how many batches. */
  deleteLog(range: PositionRange, limit: number): Promise<number>;
  forget(range: PositionRange): Promise<void>;
}
