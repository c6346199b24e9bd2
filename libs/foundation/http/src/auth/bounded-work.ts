import { TidemarkError } from '#libs/foundation/kernel';

/**
 * Runs costly work a few at a time with a bounded queue before it. When the queue is full the work is refused with
 * AUTHENTICATION_BUSY, so that a flood of wrong passwords cannot take the threads of the process or its memory.
 */
export class BoundedWork {
  readonly #runningMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(runningMax: number, waitingMax: number) {
    this.#runningMax = runningMax;
    this.#waitingMax = waitingMax;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#runningMax) {
      this.#running += 1;
    } else {
      if (this.#waiting.length >= this.#waitingMax) {
        throw new TidemarkError(
          'AUTHENTICATION_BUSY',
          `${this.#waitingMax} other requests are waiting to be authenticated`,
        );
      }
      // Whoever finishes hands its place over, so that the count stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
