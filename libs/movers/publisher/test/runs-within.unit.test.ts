import { expect, test } from '@jest/globals';
import { countWithin, runsWithin } from '../src/verify/runs-within.ts';

test('a window takes a part of each run', () => {
  const runs = [
    { from: 0n, to: 5n, delta: 0n },
    { from: 5n, to: 9n, delta: 2n },
  ];
  expect(runsWithin(runs, 3n, 8n)).toEqual([
    { from: 3n, to: 5n, delta: 0n },
    { from: 5n, to: 6n, delta: 2n },
  ]);
  expect(countWithin(runs, 3n, 8n)).toBe(3n);
  expect(runsWithin(runs, 5n, 7n)).toEqual([]);
});
