import type { BackoffOptions } from '#libs/foundation/kernel';
import { fullJitterMs } from './full-jitter.ts';

/**
 * What made a try fail.
 *
 * - `transient`: the database, the transport or the registry; nothing is known about the message.
 * - `retryable`: the handler, or its time; another try may succeed.
 * - `fatal`: by the rules of the subscription no try ever will.
 * - `undecodable`: nobody can read the value.
 * - `cancelled`: the consumer stops or has lost the partition.
 */
export type FailureKind = 'transient' | 'retryable' | 'fatal' | 'undecodable' | 'cancelled';

/**
 * What is left for the message: tries in place, else a later retry topic, else nothing; or its subscription's breaker is not
 * closed, so that the failure says more about the handler than about the message.
 */
export type RetryStage = 'in-place' | 'tier-left' | 'last' | 'breaker-open';

/**
 * - `wait`: try again after a pause, without counting; as long as it takes.
 * - `retry`: try again in place.
 * - `hold`: back into the queue, until the breaker lets deliveries go.
 * - `next-tier`, `dead-letter`: move the message on.
 * - `give-up`: leave it as it is; it is delivered again.
 */
export type RetryAction = 'wait' | 'retry' | 'hold' | 'next-tier' | 'dead-letter' | 'give-up';

// oxfmt-ignore
export const RETRY_DECISIONS: Readonly<Record<FailureKind, Readonly<Record<RetryStage, RetryAction>>>> = {
  transient:   { 'in-place': 'wait', 'tier-left': 'wait', last: 'wait', 'breaker-open': 'wait' },
  retryable:   { 'in-place': 'retry', 'tier-left': 'next-tier', last: 'dead-letter', 'breaker-open': 'hold' },
  fatal:       { 'in-place': 'dead-letter', 'tier-left': 'dead-letter', last: 'dead-letter', 'breaker-open': 'dead-letter' },
  undecodable: { 'in-place': 'dead-letter', 'tier-left': 'dead-letter', last: 'dead-letter', 'breaker-open': 'dead-letter' },
  cancelled:   { 'in-place': 'give-up', 'tier-left': 'give-up', last: 'give-up', 'breaker-open': 'give-up' },
};

export interface RetryPolicy {
  /** Tries in place, for the main flow. */
  readonly attempts: number;
  readonly backoff: BackoffOptions;
  readonly blockMs: number;
  readonly retryTiers: readonly { readonly delayMs: number; readonly attempts: number }[];
}

export interface TriesSoFar {
  /** Failed tries that count, in place; 1 at least. */
  readonly tries: number;
  /** From the begin of the first of them, ms. */
  readonly elapsedMs: number;
  /** 0 for the main flow, else the number of the retry topic. */
  readonly tier: number;
}

/** What comes next in place: the wait before another try, ms, or null when there is none. */
export function nextTryInMs(policy: RetryPolicy, so: TriesSoFar, random: number): number | null {
  const attempts = so.tier === 0 ? policy.attempts : (policy.retryTiers[so.tier - 1]?.attempts ?? 1);
  if (so.tries >= attempts) return null;
  const waitMs = fullJitterMs(so.tries, policy.backoff, random);
  return so.elapsedMs + waitMs > policy.blockMs ? null : waitMs;
}

/** What is left for a message that was tried in place as often as it may be. */
export function stageAfter(policy: RetryPolicy, tier: number): 'tier-left' | 'last' {
  return tier < policy.retryTiers.length ? 'tier-left' : 'last';
}
