export interface AdaptivePauseOptions {
  /** The wait after a step that found work, in ms; may be 0. */
  readonly minMs: number;
  /** The longest wait after steps that found nothing, in ms. */
  readonly maxMs: number;
}

/** The next wait in ms, from the previous one and whether the step in between found work. */
export type AdaptivePause = (previousMs: number, foundWork: boolean) => number;

/** Short waits while there is work, doubling up to `maxMs` while there is none: low latency without a busy idle loop. */
export function adaptivePause(options: AdaptivePauseOptions): AdaptivePause {
  const { minMs, maxMs } = options;
  // 1 at least: doubling a wait of 0 would never leave 0.
  return (previousMs, foundWork) => (foundWork ? minMs : Math.min(maxMs, Math.max(minMs, 1, previousMs * 2)));
}
