import { systemSleep } from '#libs/foundation/lifecycle';

/** Turns of the event loop in which nothing may happen before all counts as quiet. */
const QUIET_TURNS = 5;

/** What is under way in real time: handlers, transactions, decoding. Under a clock that stands still nothing else moves by itself. */
export class Activity {
  #running = 0;
  #changes = 0;
  /** The changes there had been when what ran was last taken for hanging. */
  #hungAt = -1;

  /** Grows with everything that begins, ends or is noted. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts the work while it runs. */
  async during<T>(work: () => T | Promise<T>): Promise<T> {
    this.#running += 1;
    this.#changes += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#changes += 1;
    }
  }

  /** Something happened. */
  note(): void {
    this.#changes += 1;
  }

  /**
   * True as soon as nothing runs and nothing has happened for some turns; false when that takes longer than `realMs`. What hung
   * before and still does is not waited for again.
   */
  async quiet(realMs: number): Promise<boolean> {
    const until = performance.now() + realMs;
    for (let turns = 0, seen = this.#changes; turns < QUIET_TURNS;) {
      await turn(this.#running > 0);
      const hangs = this.#running > 0 && seen === this.#changes && (this.#hungAt === seen || performance.now() > until);
      if (hangs) {
        this.#hungAt = seen;
        return false;
      }
      turns = this.#running > 0 || seen !== this.#changes ? 0 : turns + 1;
      seen = this.#changes;
      if (performance.now() > until) return false;
    }
    return true;
  }
}

/** A turn of the event loop; a little longer when something outside of the process may be waited for. */
function turn(long: boolean): Promise<void> {
  return systemSleep(long ? 1 : 0);
}
