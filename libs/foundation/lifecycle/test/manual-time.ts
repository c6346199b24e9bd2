import { type Clock } from '#libs/foundation/kernel';
import { type Sleep } from '../src/index.ts';

/** A clock and a sleep that move only when told to; waits of 0 ms take a real turn of the event loop. */
export class ManualTime implements Clock {
  #now = 0;
  readonly #waits = new Set<{ at: number; ms: number; resolve: () => void }>();

  now(): number {
    return this.#now;
  }

  /** Lengths of the waits that are pending, in ms. */
  get pending(): number[] {
    return [...this.#waits].map((wait) => wait.ms).sort((a, b) => a - b);
  }

  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      if (ms === 0) {
        setImmediate(resolve);
        return;
      }
      const wait = { at: this.#now + ms, ms, resolve };
      this.#waits.add(wait);
      signal?.addEventListener('abort', () => {
        this.#waits.delete(wait);
        resolve();
      });
    });

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    for (const wait of this.#waits) {
      if (wait.at > this.#now) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
    await turns();
  }
}

/** Lets everything run that needs no time to pass. */
export async function turns(count = 10): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
