import { expect, test } from '@jest/globals';
import {
  act,
  ORDER_TRANSITIONS,
  type OrderAction,
  type OrderState,
  type OrderStatus,
  pay,
  totalOf,
} from '../src/order/order.rules.ts';

const order = (status: OrderStatus): OrderState => ({ id: 'o-1', status, totalCents: 1_200, version: 3 });
const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test('an order is paid, then shipped, and each change raises its version', () => {
  const paid = pay(order('placed'), 1_200);
  expect(paid).toEqual({ ...order('paid'), version: 4 });
  expect(act(paid, 'ship')).toEqual({ ...order('shipped'), version: 5 });
});

test('a payment must be of the total', () => {
  expect(refusalOf(() => pay(order('placed'), 1_199))).toBe('AMOUNT_WRONG');
  expect(refusalOf(() => pay(order('placed'), 1_201))).toBe('AMOUNT_WRONG');
});

test('a second payment is refused as such, whatever its amount', () => {
  expect(refusalOf(() => pay(order('paid'), 1_200))).toBe('ALREADY_PAID');
  expect(refusalOf(() => pay(order('shipped'), 1))).toBe('ALREADY_PAID');
});

test('only an unpaid order is cancelled, only a paid one is shipped, and nothing follows an end', () => {
  const allowed = (['placed', 'paid', 'shipped', 'cancelled'] as const).flatMap((status) =>
    (['pay', 'ship', 'cancel'] as const)
      .filter((action: OrderAction) => refusalOf(() => act(order(status), action)) instanceof Object)
      .map((action) => `${status} ${action} ${ORDER_TRANSITIONS[status][action]}`),
  );
  expect(allowed).toEqual(['placed pay paid', 'placed cancel cancelled', 'paid ship shipped']);
});

test('the total is the sum of quantities times prices', () => {
  expect(
    totalOf([
      { sku: 'a', quantity: 2, unitCents: 150 },
      { sku: 'b', quantity: 1, unitCents: 99 },
    ]),
  ).toBe(399);
});
