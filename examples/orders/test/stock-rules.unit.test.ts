import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '../src/refusal.ts';
import { deliver, release, reserve, ship, type StockLevel } from '../src/stock/stock.rules.ts';

const level: StockLevel = { sku: 'tea', onHand: 10, reserved: 4, version: 7 };

test('what is free can be reserved, one more cannot', () => {
  expect(reserve(level, 6)).toEqual({ ...level, reserved: 10, version: 8 });
  expect(() => reserve(level, 7)).toThrow(new Refusal('OUT_OF_STOCK', 'tea: 7 wanted, 6 available'));
});

test('releasing undoes a reservation, shipping takes the goods along, a delivery adds', () => {
  expect(release(reserve(level, 2), 2)).toEqual({ ...level, version: 9 });
  expect(ship(level, 4)).toEqual({ ...level, onHand: 6, reserved: 0, version: 8 });
  expect(deliver(level, 5)).toEqual({ ...level, onHand: 15, version: 8 });
});

test('no run of orders reserves more than there is', () => {
  const wish = fc.record({ quantity: fc.integer({ min: 1, max: 9 }), end: fc.constantFrom('ship', 'release', 'keep') });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
      let stock: StockLevel = { sku: 'tea', onHand: 20, reserved: 0, version: 0 };
      for (const { quantity, end } of wishes) {
        const free = stock.onHand - stock.reserved;
        if (quantity > free) {
          expect(() => reserve(stock, quantity)).toThrow(Refusal);
          continue;
        }
        stock = reserve(stock, quantity);
        if (end === 'ship') stock = ship(stock, quantity);
        if (end === 'release') stock = release(stock, quantity);
        expect(stock.reserved).toBeLessThanOrEqual(stock.onHand);
        expect(stock.reserved).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
