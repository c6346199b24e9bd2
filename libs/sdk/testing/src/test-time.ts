import type { Clock } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';

interface Wait {
  readonly at: number;
  readonly wake: () => void;
}

/** Where clocks of harnesses begin unless told otherwise. */
export const START = new Date('2030-01-01T00:00:00Z');

/** A clock that stands still until it is moved, and waits that end when it passes them. Waits of 0 ms take a turn of the event loop. */
export class TestTime implements Clock {
  #now: number;
  readonly #waits = new Set<Wait>();

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): number {
    return this.#now;
  }

  /** When the first of the waits ends, in ms since the epoch; null when nothing waits. */
  get nextWait(): number | null {
    if (this.#waits.size === 0) return null;
    return Math.min(...[...this.#waits].map(({ at }) => at));
  }

  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      if (ms <= 0) {
        setImmediate(resolve);
        return;
      }
      const wake = (): void => {
        this.#waits.delete(wait);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const wait: Wait = { at: this.#now + ms, wake };
      this.#waits.add(wait);
      signal?.addEventListener('abort', wake, { once: true });
    });

  /** Moves on to a time that is not before now, and ends the waits that it passes, in their order. */
  moveTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    const due = [...this.#waits].filter(({ at }) => at <= this.#now).sort((one, other) => one.at - other.at);
    for (const { wake } of due) wake();
  }
}
