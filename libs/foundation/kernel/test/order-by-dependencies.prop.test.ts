import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderByDependencies } from '../src/order-by-dependencies.ts';

const COUNT = 12;
const ALL = Array.from({ length: COUNT }, (_, node) => node);
const nodes = fc.array(fc.array(fc.nat(COUNT - 1), { maxLength: 4 }), { minLength: COUNT, maxLength: COUNT });
/** Needs that only go back in some numbering, so that there is no circle. */
const acyclic = fc
  .tuple(nodes, fc.shuffledSubarray(ALL, { minLength: COUNT }))
  .map(([needs, rank]) => needs.map((each, node) => each.filter((target) => rank[target]! < rank[node]!)));

function expectNeedsFirst(needs: readonly (readonly number[])[], order: readonly number[]): void {
  const place = new Map(order.map((node, at) => [node, at]));
  expect([order.length, place.size]).toEqual([COUNT, COUNT]);
  for (const [node, each] of needs.entries()) {
    for (const target of each) expect(place.get(target)!).toBeLessThan(place.get(node)!);
  }
}

describe('ordering by dependencies', () => {
  test('every node comes once and after all that it needs', () => {
    fc.assert(fc.property(acyclic, (needs) => expectNeedsFirst(needs, orderByDependencies(needs).order)));
  });

  test('what is in a circle or needs one is left out, and nothing else', () => {
    fc.assert(
      fc.property(nodes, (needs) => {
        const { order, circles } = orderByDependencies(needs);
        expect([...order, ...circles].sort((a, b) => a - b)).toEqual(ALL);
        const left = new Set(circles);
        for (const node of order) expect(needs[node]!.some((target) => left.has(target))).toBe(false);
        // Each that is left out needs another one that is: there is no first one among them.
        for (const node of circles) expect(needs[node]!.some((target) => left.has(target))).toBe(true);
      }),
    );
  });

  test('a wish for an order is kept unless a need overrules it', () => {
    expect(orderByDependencies([[], [], []], [1, 2, undefined]).order).toEqual([2, 1, 0]);
    expect(orderByDependencies([[], [0]], [1, undefined]).order).toEqual([0, 1]);
    const previous = ALL.map((node) => (node === 0 ? undefined : node - 1));
    fc.assert(
      fc.property(acyclic, (needs) => {
        const { order } = orderByDependencies(needs, previous);
        expectNeedsFirst(needs, order);
        if (needs.every((each, node) => each.every((target) => target < node))) expect(order).toEqual(ALL);
      }),
    );
  });
});
