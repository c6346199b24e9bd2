import type { Clock } from '#libs/foundation/kernel';

const SETTLE_MS = 5_000;
const SETTLE_HEARTBEAT_MS = 500;

/**
 * How often a member asks while its group may still be moving partitions: a member learns of its next partition only by
 * asking, and brokers ask for a heartbeat every five seconds.
 */
export class Settling {
  readonly #clock: Clock;
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(isMoving: boolean): void {
    if (isMoving) this.#until = this.#clock.now() + SETTLE_MS;
  }

  heartbeatMs(usualMs: number): number {
    return this.#clock.now() < this.#until ? Math.min(SETTLE_HEARTBEAT_MS, usualMs) : usualMs;
  }
}
