export type BreakerState = 'closed' | 'open' | 'half-open';

export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is done: handled, parked or moved on. */
  readonly nextOffset: bigint;
  /** The same as far as it is committed. */
  readonly committedOffset: bigint;
  /** Records in memory that are not done, the ones under way included. */
  readonly waiting: number;
  /** Records behind nextOffset; null until the end is known. */
  readonly lag: bigint | null;
  /** A record of a retry topic is waited for until then; null otherwise. */
  readonly dueAt: Date | null;
}

export interface SubscriptionStatus {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  /** Those of them that do not exist, and are waited for: misspelt, or not created yet. */
  readonly missingTopics: readonly string[];
  readonly paused: boolean;
  readonly underWay: number;
  /** Records in memory, and their bytes. */
  readonly buffered: number;
  readonly bufferedBytes: number;
  readonly breaker: BreakerState;
  /** When an open breaker lets a delivery try; null otherwise. */
  readonly triesAt: Date | null;
  readonly partitions: readonly PartitionStatus[];
}

export interface ConsumerStatus {
  readonly state: 'idle' | 'running' | 'stopping' | 'stopped' | 'failed';
  /** False at first until the lag of what it owns was at most `readyLag`, and whenever there is trouble. */
  readonly ready: boolean;
  /** Why it is not ready, or what is tried again at the moment; empty when all is well. */
  readonly troubles: readonly string[];
  readonly subscriptions: readonly SubscriptionStatus[];
}
