import { expect, test } from '@jest/globals';
import { CATALOGUE } from '../shop/catalogue.ts';
import { Random } from '../shop/random.ts';
import { nextWish } from '../shop/wishes.ts';

const wishesOf = (seed: number, count: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => nextWish(random));
};

test('a seed gives the same wishes again, another one others', () => {
  expect(wishesOf(5, 200)).toEqual(wishesOf(5, 200));
  expect(wishesOf(5, 200)).not.toEqual(wishesOf(6, 200));
});

test('wishes are of articles that there are, and all kinds of them occur', () => {
  const wishes = wishesOf(1, 1_000);
  const skus = new Set(CATALOGUE.map((article) => article.sku));
  for (const { lines, extras } of wishes) for (const line of [...lines, ...extras]) expect(skus).toContain(line.sku);
  expect(new Set(wishes.flatMap((wish) => wish.steps))).toEqual(
    new Set(['pay', 'pay wrong amount', 'pay twice at once', 'ship', 'cancel']),
  );
  expect(wishes.some((wish) => wish.extras.length > 0)).toBe(true);
  expect(wishes.some((wish) => wish.steps.length === 0)).toBe(true);
});
