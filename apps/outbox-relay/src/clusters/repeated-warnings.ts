/** A kind of warning that is told at most so often. */
const INTERVAL_MS = 60_000;
/** Kinds that are remembered: those told last. One that is forgotten is told again at once. */
const KINDS_MAX = 100;

interface Told {
  readonly at: number;
  untold: number;
}

/** Keeps a warning that repeats every moment from filling the log: the first of its kind is told at once, then one a minute. */
export class RepeatedWarnings {
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  /** `now`: in ms, never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether to tell one now: then how many of its kind were not told since the last one, else undefined. */
  due(kind: string): number | undefined {
    const now = this.#now();
    const last = this.#told.get(kind);
    if (last !== undefined && now - last.at < INTERVAL_MS) {
      last.untold += 1;
      return undefined;
    }
    this.#told.delete(kind);
    if (this.#told.size >= KINDS_MAX) this.#told.delete(this.#told.keys().next().value!);
    this.#told.set(kind, { at: now, untold: 0 });
    return last?.untold ?? 0;
  }
}
