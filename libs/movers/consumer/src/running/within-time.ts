import { TidemarkError } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';
import { markAbandoned } from '../abandoned.ts';

export interface HandlerTime {
  /** For errors. */
  readonly place: string;
  readonly timeoutMs: number;
  /** Aborted when nothing of the delivery may be committed any more. */
  readonly lost: AbortSignal;
  readonly sleep: Sleep;
}

/** What a handler gets to end after its signal fired, ms. Then its connection is given up. */
export const ABORT_GRACE_MS = 1_000;

/**
 * Runs a handler within its time. Rejects with what it throws, with HANDLER_TIMEOUT when its time is over and with
 * DELIVERY_CANCELLED when the delivery is lost; in both cases its signal fires first, and it gets a moment to end. One
 * that does not, goes on behind the error, for which `isAbandoned` is true then; what it throws later is of no consequence.
 */
export async function withinTime(handle: (signal: AbortSignal) => unknown, time: HandlerTime): Promise<void> {
  const { lost, timeoutMs, sleep } = time;
  const handler = new AbortController();
  const timer = new AbortController();
  let interrupt = (): void => undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => (interrupt = () => resolve('interrupted')));
  lost.addEventListener('abort', interrupt, { once: true });
  if (lost.aborted) interrupt();
  try {
    const ended = (async () => handle(handler.signal))().then(() => 'ended' as const);
    const late = sleep(timeoutMs, timer.signal).then(() => 'interrupted' as const);
    if ((await Promise.race([interrupted, ended, late])) === 'ended') return;
    const error = lost.aborted ? cancelled(time.place) : timedOut(time);
    handler.abort(error);
    const settled = ended.then(
      () => true,
      () => true,
    );
    const grace = sleep(ABORT_GRACE_MS, timer.signal).then(() => false);
    throw (await Promise.race([settled, grace])) ? error : markAbandoned(error);
  } finally {
    // With a reason, since the one that would be made up costs a stack.
    timer.abort('over');
    lost.removeEventListener('abort', interrupt);
  }
}

export function cancelled(place: string): TidemarkError {
  return new TidemarkError('DELIVERY_CANCELLED', `the delivery of ${place} was given up`, { context: { place } });
}

function timedOut({ place, timeoutMs }: HandlerTime): TidemarkError {
  return new TidemarkError('HANDLER_TIMEOUT', `the handler of ${place} did not end within ${timeoutMs} ms`, {
    context: { place, timeoutMs },
  });
}
