import type { BreakerState, ConsumerStatus } from './consumer-status.ts';
import type { RecordPlace } from './ports/inbox.ts';

/** Which delivery. */
export interface DeliveryName extends RecordPlace {
  readonly group: string;
  readonly subscription: string;
  readonly messageId: string;
}

/** How a delivery ended: with the message's effects, or without because it was known already, waits, or stands for nothing. */
export type HandledAs = 'handled' | 'duplicate' | 'parked' | 'placeholder';

/** Told what happens, for logs, metrics and alerts. Must not throw. */
export interface ConsumerObserver {
  /** A consumer begins. `status` may be asked at any time until it has stopped and after, as often as wanted. */
  starting?(status: () => ConsumerStatus): void;
  /** `tookMs`: from the begin of the last try to its commit. */
  handled?(delivery: DeliveryName, as: HandledAs, tookMs: number, attempt: number): void;
  /** A try failed; `counted` is false for troubles of the database, which are tried again without end. */
  tryFailed?(delivery: DeliveryName, attempt: number, error: unknown, counted: boolean): void;
  /** A batch failed and is handled one by one. */
  batchSplit?(delivery: DeliveryName, size: number, error: unknown): void;
  /** The message went to a retry topic or a dlq. */
  movedOn?(delivery: DeliveryName, to: string, dueAt: Date | null, error: unknown): void;
  /** Alert on `open`: most deliveries fail, nothing is moved on, the handler waits. */
  breakerChanged?(group: string, subscription: string, from: BreakerState, to: BreakerState, openMs: number): void;
  paused?(subscription: string): void;
  resumed?(subscription: string): void;
  assigned?(group: string, topic: string, partition: number): void;
  revoked?(group: string, topic: string, partition: number, how: 'released' | 'lost'): void;
  /** A topic that a subscription names does not exist; it is waited for. Told once each time it is found missing. */
  topicMissing?(group: string, subscription: string, topic: string): void;
  /** Retention dropped records before the group had read them. */
  skipped?(group: string, topic: string, partition: number, fromOffset: bigint, toOffset: bigint): void;
  /** Offsets were committed; `nextOffset` is the one to read next. */
  committed?(group: string, topic: string, partition: number, nextOffset: bigint): void;
  /** A background step (poll, commit, topics, lag, parked) failed; it is tried again. */
  failed?(group: string, step: string, error: unknown): void;
}
