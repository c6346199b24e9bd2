import { expect, test } from '@jest/globals';
import { ByteBoundedCache } from '../src/index.ts';

test('stays within its bytes and drops what was used longest ago', () => {
  const cache = new ByteBoundedCache<number>(100);
  cache.set('a', 1, 40);
  cache.set('b', 2, 40);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3, 40);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  expect(cache.bytes).toBe(80);
  cache.set('a', 4, 60);
  expect([cache.get('a'), cache.bytes]).toEqual([4, 100]);
  cache.set('huge', 5, 101);
  expect([cache.get('huge'), cache.size]).toEqual([undefined, 2]);
  cache.clear();
  expect([cache.bytes, cache.size]).toEqual([0, 0]);
});
