import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '#libs/foundation/kernel';
import type { Actor } from './actor.ts';

const ENTRIES_MAX = 1_000;
const KEPT_MS = 60_000;

/**
 * Remembers for a minute which Authorization headers were verified, so that the costly hash is not computed for each
 * request. Holds at most 1,000 entries, and no secrets: keys are digests under a key that only this process has.
 */
export class VerifiedActors {
  readonly #key = randomBytes(32);
  readonly #entries = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(header: string): Actor | undefined {
    const digest = this.#digest(header);
    const entry = this.#entries.get(digest);
    if (entry === undefined) return undefined;
    if (entry.untilMs > this.#clock.now()) return entry.actor;
    this.#entries.delete(digest);
    return undefined;
  }

  set(header: string, actor: Actor): void {
    // A Map iterates in the order of insertion: the first is the oldest.
    const oldest = this.#entries.size >= ENTRIES_MAX ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(this.#digest(header), { actor, untilMs: this.#clock.now() + KEPT_MS });
  }

  clear(): void {
    this.#entries.clear();
  }

  #digest(header: string): string {
    return createHmac('sha256', this.#key).update(header).digest('base64');
  }
}
