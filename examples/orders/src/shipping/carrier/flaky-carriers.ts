import { createHash } from 'node:crypto';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import { type Booking, Carriers, CarrierUnavailable } from './carrier.ts';

export interface FlakyCarriersOptions {
  /** Decides which bookings fail, and how often. */
  readonly seed: number;
  /** What a call takes, ms. */
  readonly callMs: number;
  readonly sleep?: Sleep;
}

/**
 * How many calls for a parcel fail before one succeeds: one for a fifth of all parcels, four, which is more than are made in
 * place, for about a twelfth. Depends on nothing else, so that killed processes meet the same carriers again.
 */
export function failuresOf(seed: number, trackingNumber: string): number {
  const byte = createHash('sha256').update(`${seed} ${trackingNumber}`).digest()[0]!;
  if (byte < 20) return 4;
  return byte < 72 ? 1 : 0;
}

/** Stands in for the carriers' API, and answers as such things do: slowly, and not always. */
export class FlakyCarriers extends Carriers {
  readonly #options: FlakyCarriersOptions;
  readonly #sleep: Sleep;

  constructor(options: FlakyCarriersOptions) {
    super();
    this.#options = options;
    this.#sleep = options.sleep ?? systemSleep;
  }

  override async book({ carrier, trackingNumber, attempt }: Booking, signal: AbortSignal): Promise<void> {
    await this.#sleep(this.#options.callMs, signal);
    signal.throwIfAborted();
    const failures = failuresOf(this.#options.seed, trackingNumber);
    if (attempt <= failures) throw new CarrierUnavailable(`${carrier} answered call ${attempt} with 503`);
  }
}
