import type { BackoffOptions } from '#libs/foundation/kernel';
import type { ErrorRules } from '../failure/error-rules.ts';

/** One hop of retrying out of place: `<topic>.<group>.retry`, `.retry.2` and so on. */
export interface RetryTier {
  /** From the failure until the message is tried again, ms. */
  readonly delayMs: number;
  /** Tries in place when it is due; default 1. */
  readonly attempts?: number;
}

export interface BreakerOptions {
  /** Outcomes that are looked at; default 50. */
  readonly window?: number;
  /** Fewer outcomes open nothing; default 20. */
  readonly minimum?: number;
  /** Opens when more than this share failed; default 0.5. */
  readonly failureRate?: number;
  /** First pause before one delivery tries, ms; doubles with each failed one. Default 10,000. */
  readonly openMs?: number;
  /** Longest pause, ms; default 300,000. */
  readonly openMaxMs?: number;
}

/** Names of headers that retry and dlq records carry besides Tidemark's own: Spring Kafka's or Kafka Connect's. */
export type HeaderStyle = 'tidemark' | 'spring' | 'connect';

export interface SubscriptionOptions {
  /** Deliveries under way at most in this process; messages of one key always one at a time. 1 is strictly by offset. Default 1. */
  readonly concurrency?: number;
  /** Whether a message that the group has handled is skipped; default true. Without it effects may happen again. */
  readonly inbox?: boolean;
  /** A handler's time, ms; then its signal fires and its transaction is rolled back. Default 60,000. */
  readonly timeoutMs?: number;
  /** Tries in place, the first one included; default 3. */
  readonly attempts?: number;
  /** Waits between tries in place; default 100 ms doubling to 2,000 ms, with jitter. */
  readonly backoff?: BackoffOptions;
  /** After this time no further try in place begins, ms: for so long a message may hold up those behind it. Default 5,000. */
  readonly blockMs?: number;
  /** Default none: what failed in place goes to the dlq. At most 9. */
  readonly retryTiers?: readonly RetryTier[];
  readonly errors?: ErrorRules;
  /** Default `tidemark`. */
  readonly headers?: HeaderStyle;
  /**
   * What happens to later messages of a key one of whose messages left the main flow. `continue`: they are handled, and the
   * retry comes later than they. `park`: they wait in the database until it was handled or resolved. Default continue.
   */
  readonly afterDeadLetter?: 'continue' | 'park';
  /** False turns it off. */
  readonly breaker?: BreakerOptions | false;
  /** Records in memory at most; default 1,000. */
  readonly bufferRecords?: number;
  /** Bytes in memory at most, one record may exceed it; default 16 MiB. */
  readonly bufferBytes?: number;
  /** A partition with so many records behind its first unfinished one is not read on; default 1,000. */
  readonly partitionRecords?: number;
}
