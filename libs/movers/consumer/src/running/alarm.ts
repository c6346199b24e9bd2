import type { Sleep } from '#libs/foundation/lifecycle';

/** Calls back once at a time that may be moved. Holds one timer at most. */
export class Alarm {
  readonly #sleep: Sleep;
  readonly #ring: () => void;
  #pending: AbortController | undefined;

  /** @param ring must not throw. */
  constructor(sleep: Sleep, ring: () => void) {
    this.#sleep = sleep;
    this.#ring = ring;
  }

  /** Rings in so many ms, and not at the time that was set before; null: not at all. */
  set(inMs: number | null): void {
    this.#pending?.abort();
    this.#pending = undefined;
    if (inMs === null) return;
    const pending = new AbortController();
    this.#pending = pending;
    void this.#ringIn(Math.max(1, Math.ceil(inMs)), pending.signal);
  }

  /** Never rejects: a sleep does not, and ring must not throw. */
  async #ringIn(ms: number, moved: AbortSignal): Promise<void> {
    await this.#sleep(ms, moved);
    if (moved.aborted) return;
    this.#pending = undefined;
    this.#ring();
  }
}
