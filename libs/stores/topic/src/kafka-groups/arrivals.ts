import type { Sleep } from '#libs/foundation/lifecycle';

/** Counts what has arrived, and wakes those who wait for more. */
export class Arrivals {
  readonly #sleep: Sleep;
  readonly #waiters = new Set<() => void>();
  #count = 0n;

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  get count(): bigint {
    return this.#count;
  }

  note(): void {
    this.#count += 1n;
    for (const wake of this.#waiters) wake();
  }

  /** Resolves once the count is beyond the given one, after the time, or when the signal is aborted. */
  waitBeyond(count: bigint, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      // Ends with the wait: a timer of its own would stay for the whole time of each wait that was woken early.
      const timer = new AbortController();
      const wake = (): void => {
        if (!this.#waiters.delete(wake)) return;
        timer.abort();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      void this.#sleep(timeoutMs, timer.signal).then(wake);
    });
  }
}
