import { createHash } from 'node:crypto';
import { FatalError } from '#libs/sdk';

/** What a parcel costs, by carrier. */
export const FEES_CENTS = { gull: 390, swift: 790, turtle: 250 } as const;
export type Carrier = keyof typeof FEES_CENTS;
export const CARRIERS = Object.keys(FEES_CENTS) as Carrier[];

/** Customers whose ids begin so live where nobody delivers. */
export const OUT_OF_REACH = 'moon-';

/** No carrier goes there, today or tomorrow: trying again is of no use. */
export class NoCarrier extends FatalError {
  override readonly name = 'NoCarrier';
}

/** The carrier of a customer's place. Throws NoCarrier. */
export function carrierOf(customerId: string): Carrier {
  if (customerId.startsWith(OUT_OF_REACH)) throw new NoCarrier(`no carrier delivers to ${customerId}`);
  return CARRIERS[hashOf(customerId)[0]! % CARRIERS.length]!;
}

/** What is on the label of an order's parcel, however often one is printed. */
export function trackingNumberOf(carrier: Carrier, orderId: string): string {
  return `${carrier}-${hashOf(orderId).toString('hex').slice(0, 12)}`;
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
