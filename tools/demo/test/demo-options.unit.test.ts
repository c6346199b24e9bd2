import { expect, test } from '@jest/globals';
import { parseDemoOptions } from '../demo-options.ts';

test('nothing given: a new seed and the defaults', () => {
  expect(parseDemoOptions([], 42)).toEqual({
    kind: 'run',
    options: { orders: 2_000, workers: 16, seed: 42, exit: false },
  });
});

test('everything given', () => {
  expect(parseDemoOptions(['--orders', '50', '--workers=4', '--seed', '7', '--exit'], 42)).toEqual({
    kind: 'run',
    options: { orders: 50, workers: 4, seed: 7, exit: true },
  });
});

test.each([
  [['--orders', 'many'], "--orders must be a whole number from 20 to 100000, not 'many'"],
  [['--orders', '19'], "--orders must be a whole number from 20 to 100000, not '19'"],
  [['--workers', '0'], "--workers must be a whole number from 1 to 64, not '0'"],
  [['--fast'], "Unknown option '--fast'"],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused', (args, problem) => {
  const request = parseDemoOptions(args, 1);
  expect(request).toEqual({ kind: 'invalid', problem: expect.stringContaining(problem) });
});

test('help wins over a run', () => {
  expect(parseDemoOptions(['--help', '--exit'], 1)).toEqual({ kind: 'help' });
});
