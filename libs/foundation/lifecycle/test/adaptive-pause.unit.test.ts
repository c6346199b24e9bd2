import { expect, test } from '@jest/globals';
import { adaptivePause } from '../src/index.ts';

test('doubles while idle up to the maximum, and is short again after work', () => {
  const next = adaptivePause({ minMs: 2, maxMs: 50 });
  const waits: number[] = [];
  for (let ms = 2; waits.length < 6; waits.push(ms)) ms = next(ms, false);
  expect(waits).toEqual([4, 8, 16, 32, 50, 50]);
  expect(next(50, true)).toBe(2);
});

test('leaves a minimum of 0', () => {
  const next = adaptivePause({ minMs: 0, maxMs: 4 });
  expect([next(0, true), next(0, false), next(1, false), next(4, false)]).toEqual([0, 1, 2, 4]);
});
