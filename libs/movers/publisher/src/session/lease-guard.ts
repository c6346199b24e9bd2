/** Whether the lease still holds for sure, by a clock that never goes back. */
export class LeaseGuard {
  readonly #leaseMs: number;
  readonly #marginMs: number;
  #renewedAt: number;
  #lost = false;

  constructor(leaseMs: number, marginMs: number, acquiredAt: number) {
    this.#leaseMs = leaseMs;
    this.#marginMs = marginMs;
    this.#renewedAt = acquiredAt;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** `askedAt`: before the renewal was sent, since the store counts from some moment after it. */
  renewed(askedAt: number): void {
    if (askedAt > this.#renewedAt) this.#renewedAt = askedAt;
  }

  lose(): void {
    this.#lost = true;
  }

  /** Nothing may be sent unless it holds. */
  holds(now: number): boolean {
    return !this.#lost && now <= this.#renewedAt + this.#leaseMs - this.#marginMs;
  }
}
