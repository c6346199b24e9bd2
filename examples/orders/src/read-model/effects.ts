import type { OrderEvents } from '../events.ts';
import type { OrderEvent } from './read-event.ts';

/** What is added to a customer's summary. */
export interface CustomerDelta {
  readonly customer_id: string;
  placed: number;
  cancelled: number;
  paid: number;
  shipped: number;
  ordered_cents: number;
  cancelled_cents: number;
  paid_cents: number;
}

/** What is added to a day (UTC). */
export interface RevenueDelta {
  readonly day: string;
  payments: number;
  cents: number;
}

/** An article's level; it replaces an older version. */
export interface NewestLevel {
  readonly sku: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly version: number;
}

export interface Effects {
  readonly customers: readonly CustomerDelta[];
  readonly days: readonly RevenueDelta[];
  readonly levels: readonly NewestLevel[];
}

/**
 * What a run of events changes in the read model. Sums do not depend on the order in which the events of different topics
 * arrive; levels of stock go by their version.
 */
export function effectsOf(events: readonly OrderEvent[]): Effects {
  const customers = new Map<string, CustomerDelta>();
  const days = new Map<string, RevenueDelta>();
  const levels = new Map<string, NewestLevel>();
  for (const event of events) {
    if (event.topic === 'stock.changed') {
      const { sku, onHand, reserved, version } = event.payload;
      if ((levels.get(sku)?.version ?? 0) < version) levels.set(sku, { sku, on_hand: onHand, reserved, version });
      continue;
    }
    const { payload } = event;
    addToCustomer(customerIn(customers, 'customerId' in payload ? payload.customerId : payload.customer_id), event);
    if (event.topic === 'payments.received') addToDay(days, event.payload);
  }
  return { customers: [...customers.values()], days: [...days.values()], levels: [...levels.values()] };
}

function customerIn(customers: Map<string, CustomerDelta>, id: string): CustomerDelta {
  let delta = customers.get(id);
  if (delta === undefined) {
    const nothing = {
      placed: 0,
      cancelled: 0,
      paid: 0,
      shipped: 0,
      ordered_cents: 0,
      cancelled_cents: 0,
      paid_cents: 0,
    };
    delta = { customer_id: id, ...nothing };
    customers.set(id, delta);
  }
  return delta;
}

function addToCustomer(delta: CustomerDelta, event: Exclude<OrderEvent, { topic: 'stock.changed' }>): void {
  switch (event.topic) {
    case 'orders.placed':
      delta.placed += 1;
      delta.ordered_cents += event.payload.totalCents;
      break;
    case 'orders.cancelled':
      delta.cancelled += 1;
      delta.cancelled_cents += event.payload.totalCents;
      break;
    case 'orders.shipped':
      delta.shipped += 1;
      break;
    case 'payments.received':
      delta.paid += 1;
      delta.paid_cents += Number(event.payload.amount_cents);
      break;
  }
}

function addToDay(days: Map<string, RevenueDelta>, payment: OrderEvents['payments.received']): void {
  const day = payment.at.slice(0, 10);
  const delta = days.get(day) ?? { day, payments: 0, cents: 0 };
  delta.payments += 1;
  delta.cents += Number(payment.amount_cents);
  days.set(day, delta);
}
