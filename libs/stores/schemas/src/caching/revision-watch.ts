import { TidemarkError, type Clock } from '#libs/foundation/kernel';

export interface RevisionWatchOptions {
  /** Reads the number that grows with every change of what is kept in memory. */
  readonly read: () => Promise<bigint>;
  /** Forgets what is kept. */
  readonly onChange: () => void;
  readonly clock: Clock;
  /** How old the last answer may be, in ms: the longest that another process's change goes unnoticed. */
  readonly freshMs: number;
  /** How long answers from memory go on while Postgres is away, in ms. */
  readonly aloneMs: number;
}

/**
 * Says whether memory may answer. Nothing runs while nobody asks: a question after `freshMs` reads one row, and all that come
 * meanwhile wait for the same read. While Postgres cannot be reached memory answers for `aloneMs` more.
 */
export class RevisionWatch {
  readonly #options: RevisionWatchOptions;
  #revision: bigint | undefined;
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(options: RevisionWatchOptions) {
    this.#options = options;
  }

  /** True when memory is fresh by itself, without a promise; call `refresh` otherwise. */
  isFresh(): boolean {
    return this.#now() - this.#readAt < this.#options.freshMs;
  }

  refresh(): Promise<void> {
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** A statement has read the revision on its way. */
  seen(revision: bigint): void {
    if (this.#revision !== undefined && this.#revision !== revision) this.#options.onChange();
    this.#revision = revision;
    this.#readAt = this.#now();
  }

  /** This process has changed something itself. */
  changed(): void {
    this.#revision = undefined;
    this.#readAt = -Infinity;
    this.#options.onChange();
  }

  async #refresh(): Promise<void> {
    const askedAt = this.#now();
    try {
      const revision = await this.#options.read();
      if (this.#revision !== undefined && this.#revision !== revision) this.#options.onChange();
      this.#revision = revision;
      this.#readAt = askedAt;
    } catch (error) {
      const away = error instanceof TidemarkError && error.retryable;
      if (!away || this.#now() - this.#readAt > this.#options.aloneMs) throw error;
    }
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
