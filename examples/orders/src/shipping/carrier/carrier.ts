/** What a carrier is asked for. */
export interface Booking {
  readonly carrier: string;
  /** The same in every call for a parcel: to a repeated call carriers say yes, and have one parcel. */
  readonly trackingNumber: string;
  /** 1 for the first call for this parcel. */
  readonly attempt: number;
}

/** The way to the carriers. A call is no part of any transaction: after a rollback it is made again. */
export abstract class Carriers {
  /** Rejects with CarrierUnavailable; then another call may succeed. */
  abstract book(booking: Booking, signal: AbortSignal): Promise<void>;
}

/** The carrier did not say yes. */
export class CarrierUnavailable extends Error {
  override readonly name = 'CarrierUnavailable';
}
