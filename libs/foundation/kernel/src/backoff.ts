export interface BackoffOptions {
  /** First delay in ms. */
  readonly minMs: number;
  /** Upper bound of any delay in ms. */
  readonly maxMs: number;
  /** Growth per attempt; default 2. */
  readonly factor?: number;
}

/**
 * Exponential backoff with full jitter between half and the whole of the delay, so that many clients do not return at once.
 * `attempt` counts from 0; `random` is in [0, 1).
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: number): number {
  const ceiling = Math.min(options.maxMs, options.minMs * (options.factor ?? 2) ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
