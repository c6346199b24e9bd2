import { expect, test } from '@jest/globals';
import { effectsOf } from '../src/read-model/effects.ts';
import type { OrderEvent } from '../src/read-model/read-event.ts';

const orderId = '7f0c0b3e-5b52-4f0b-9d0a-0d3a6d4f8a01';
const at = '2026-03-01T23:59:59.000Z';
const base = { orderId, customerId: 'ann', version: 1, at };
const placed: OrderEvent = { topic: 'orders.placed', payload: { ...base, lines: [], totalCents: 500 } };
const paid: OrderEvent = {
  topic: 'payments.received',
  payload: { order_id: orderId, customer_id: 'ann', version: 2, at, payment_id: orderId, amount_cents: 500n },
};
const shipped: OrderEvent = { topic: 'orders.shipped', payload: { ...base, version: 3 } };
const cancelled: OrderEvent = { topic: 'orders.cancelled', payload: { ...base, version: 2, totalCents: 500 } };
const level = (version: number, reserved: number): OrderEvent => ({
  topic: 'stock.changed',
  payload: { sku: 'tea', version, at, reason: 'reserved', quantity: 1, onHand: 9, reserved },
});

test('an order adds to its customer and to the day of its payment', () => {
  expect(effectsOf([placed, paid, shipped])).toEqual({
    customers: [
      {
        customer_id: 'ann',
        placed: 1,
        cancelled: 0,
        paid: 1,
        shipped: 1,
        ordered_cents: 500,
        cancelled_cents: 0,
        paid_cents: 500,
      },
    ],
    days: [{ day: '2026-03-01', payments: 1, cents: 500 }],
    levels: [],
  });
});

test('the order in which topics arrive does not matter', () => {
  expect(effectsOf([cancelled, placed])).toEqual(effectsOf([placed, cancelled]));
});

test('of an article only the newest version counts', () => {
  expect(effectsOf([level(2, 5), level(3, 6), level(1, 4)]).levels).toEqual([
    { sku: 'tea', on_hand: 9, reserved: 6, version: 3 },
  ]);
});
