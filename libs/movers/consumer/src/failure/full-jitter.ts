import type { BackoffOptions } from '#libs/foundation/kernel';

/** Exponential backoff with full jitter: anything from 0 to the capped delay. `tries` counts those that failed, from 1. */
export function fullJitterMs(tries: number, backoff: BackoffOptions, random: number): number {
  const growth = (backoff.factor ?? 2) ** Math.min(tries - 1, 30);
  return Math.round(Math.min(backoff.maxMs, backoff.minMs * growth) * random);
}
