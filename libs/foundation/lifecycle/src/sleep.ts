/**
 * Waiting as an argument, so that loops can be tested without time passing. Resolves after `ms`, or earlier when the
 * signal is aborted; never rejects. 0 gives other work of the event loop (sockets, timers) its turn and goes on.
 */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

// Node turns longer timers into 1 ms ones; a longer wait ends here early, which every caller must allow for anyway.
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The real `Sleep`. A pending wait keeps the process alive. */
export const systemSleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    if (ms <= 0) {
      setImmediate(resolve);
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, TIMER_MAX_MS));
    signal?.addEventListener('abort', end, { once: true });
  });
