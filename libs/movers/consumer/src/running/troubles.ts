import { describeError } from '#libs/foundation/kernel';

/** Kinds of trouble that are listed one by one; more are counted. */
const LISTED_MAX = 10;

/** What is being tried again at the moment, by what it is about. Readiness looks at it. */
export class Troubles {
  readonly #texts = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#texts.size === 0;
  }

  set(about: string, error: unknown): void {
    this.#texts.set(about, describeError(error).split('\n', 1)[0]!);
  }

  clear(about: string): void {
    this.#texts.delete(about);
  }

  list(): string[] {
    const listed = [...this.#texts].slice(0, LISTED_MAX).map(([about, text]) => `${about}: ${text}`);
    const more = this.#texts.size - listed.length;
    return more > 0 ? [...listed, `and ${more} more`] : listed;
  }
}
