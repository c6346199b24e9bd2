import type { Head, HolderInfo, Lease, PartitionKey, Step } from '#libs/stores/log';
import type { Horizon, PendingMessage } from '#libs/stores/outbox';

/** The outbox as the sequencer sees it. */
export interface OutboxSource {
  horizon(cursor: bigint): Promise<Horizon>;
  /** Messages in (after, upTo], in order, at most `limit`; `upTo` is not above a horizon read before. */
  pending(after: bigint, upTo: bigint, limit: number): Promise<PendingMessage[]>;
  /** Partitions per topic id. */
  topics(): Promise<ReadonlyMap<number, number>>;
}

/** The log as the sequencer sees it. */
export interface LogSink {
  acquireLease(holder: string, info: HolderInfo, leaseMs: number): Promise<Lease | undefined>;
  renewLease(term: bigint, leaseMs: number): Promise<boolean>;
  releaseLease(term: bigint): Promise<boolean>;
  heads(): Promise<Map<PartitionKey, Head>>;
  /** False when the term or the cursor has moved on. */
  commit(step: Step): Promise<boolean>;
}

/** Told what happened, for logs and metrics. Must not throw. */
export interface SequencerObserver {
  ledSince(term: bigint, cursor: bigint): void;
  ledNoMore(term: bigint, reason: 'lease lost' | 'released' | 'error'): void;
  /** A step failed; it is tried again. */
  failed(error: unknown): void;
  committed(step: {
    messages: number;
    batches: number;
    placeholders: number;
    cursor: bigint;
    horizon: bigint;
    readMs: number;
    commitMs: number;
  }): void;
}
