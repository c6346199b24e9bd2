import type { Run } from '../rounds.ts';

const WITHIN_MS = 60_000;

/** Counts what a consumer handles after the first message, until a time is over or all messages are handled. */
export class HandledCount {
  /** Resolves at the end; rejects when a delivery failed, and when nothing came of it in a minute. */
  readonly done: Promise<Run>;
  readonly #ms: number;
  readonly #messages: number;
  #units = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout;
  #resolve = (_run: Run): void => undefined;
  #reject = (_error: unknown): void => undefined;

  constructor(limits: { readonly ms: number; readonly messages: number }) {
    this.#ms = limits.ms;
    this.#messages = limits.messages;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.failed(new Error(`nothing was handled in ${WITHIN_MS} ms`)), WITHIN_MS);
  }

  handled(): void {
    if (this.#startedAt === 0) {
      this.#startedAt = performance.now();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#end(), this.#ms);
      return;
    }
    this.#units += 1;
    if (this.#units + 1 === this.#messages) this.#end();
  }

  failed(error: unknown): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }

  /** A second end finds the promise settled. */
  #end(): void {
    clearTimeout(this.#timer);
    this.#resolve({ units: this.#units, ms: performance.now() - this.#startedAt });
  }
}
