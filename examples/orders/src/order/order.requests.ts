import { z } from 'zod';

const line = z.strictObject({ sku: z.string().min(1).max(40), quantity: z.int().min(1).max(1_000) });

export const placeOrderRequest = z.strictObject({
  customerId: z.string().min(1).max(40),
  lines: z.array(line).min(1).max(20),
  /** Extras that are sent together or not at all; the order stands without them. */
  extras: z.array(line).max(10).default([]),
});
export type PlaceOrder = z.infer<typeof placeOrderRequest>;

export const paymentRequest = z.strictObject({ amountCents: z.int().min(0) });
export const orderId = z.uuid();
