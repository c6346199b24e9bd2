import { z } from 'zod';
import type { OutboxSchemas } from '#libs/sdk';

/** What every event says about its place: the aggregate's version after the change, and when it happened. */
const change = { version: z.int().min(1), at: z.iso.datetime() };
const line = z.object({ sku: z.string(), quantity: z.int(), unitCents: z.int() });
const order = { orderId: z.uuid(), customerId: z.string(), ...change };

export const orderPlaced = z.object({ ...order, lines: z.array(line), totalCents: z.int() });
export const orderCancelled = z.object({ ...order, totalCents: z.int() });
export const orderShipped = z.object({ ...order });
/** With the names of its .proto; a 64-bit number is a bigint. */
export const paymentReceived = z.object({
  order_id: z.uuid(),
  customer_id: z.string(),
  ...change,
  payment_id: z.uuid(),
  amount_cents: z.bigint(),
});
export const stockChanged = z.object({
  sku: z.string(),
  ...change,
  reason: z.enum(['reserved', 'released', 'shipped', 'delivered']),
  quantity: z.int(),
  onHand: z.int(),
  reserved: z.int(),
});

/**
 * The topics of this service and their payloads. Key of the order topics and of payments is the order's id, key of
 * stock.changed the SKU: within a topic, events of one key come in the order of their versions. Between topics there is no
 * such order, so a consumer of several compares versions, or adds up, as the projection does.
 */
export const EVENT_SCHEMAS = {
  'orders.placed': orderPlaced,
  'orders.cancelled': orderCancelled,
  'orders.shipped': orderShipped,
  'payments.received': paymentReceived,
  'stock.changed': stockChanged,
} as const;

/** Topics whose payloads are encoded with the schemas that the migration registered: Avro, Protobuf, JSON Schema. */
export const ENCODED: OutboxSchemas = {
  topics: { 'orders.placed': true, 'payments.received': true, 'stock.changed': true },
};

export type Topic = keyof typeof EVENT_SCHEMAS;
export type OrderEvents = { [T in Topic]: z.infer<(typeof EVENT_SCHEMAS)[T]> };
export const TOPICS = Object.keys(EVENT_SCHEMAS) as Topic[];
