import { STOP_GRACE_MS } from './loop.ts';

// What each part that is stopped later keeps of the total: enough to close a pool or to ask a server to stop.
const RESERVE_MS = 1_000;

export interface ShutdownShare {
  /** The deadline that the part is told. */
  readonly deadlineMs: number;
  /** When it is given up: the deadline plus a grace for what it does once the deadline has passed. */
  readonly giveUpMs: number;
}

/**
 * The time of one part: all that remains, less a reserve for each part still to come, so that one that hangs cannot take
 * the others' time. The shares of all parts never add up to more than the total. Times in ms.
 */
export function shutdownShare(remainingMs: number, stillToCome: number): ShutdownShare {
  const remaining = Math.max(0, remainingMs);
  const reserve = Math.min(RESERVE_MS, remaining / (stillToCome + 1));
  const giveUpMs = Math.floor(remaining - reserve * stillToCome);
  return { giveUpMs, deadlineMs: Math.floor(giveUpMs - Math.min(STOP_GRACE_MS, giveUpMs / 4)) };
}
