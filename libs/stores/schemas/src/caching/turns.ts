/**
 * Lets works of one key run one after the other, in the order in which they came; those of different keys do not wait for one
 * another. Keeps nothing of a key that nobody waits for.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when all that came before it with this key have ended, however they did; `waited`: there were some. */
  async take<T>(key: string, work: (waited: boolean) => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    let end!: () => void;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#last.set(key, ended);
    try {
      await before;
      return await work(before !== undefined);
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
      end();
    }
  }
}
