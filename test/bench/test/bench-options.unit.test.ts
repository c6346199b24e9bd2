import { expect, test } from '@jest/globals';
import { parseBenchOptions } from '../bench-options.ts';
import { parentOf } from '../cpu-time.ts';

test('suites are positional, numbers are checked', () => {
  expect(parseBenchOptions(['outbox', '--only', 'read,backlog', '--history', '10000000'])).toMatchObject({
    suites: ['outbox'],
    only: ['read', 'backlog'],
    history: 10_000_000,
  });
  expect(() => parseBenchOptions(['--rounds', '0'])).toThrow(/--rounds must be a whole number above 0, not '0'/);
  expect(() => parseBenchOptions(['--rouns', '1'])).toThrow(/rouns/);
});

test('the parent of a process is found behind a name with spaces and brackets', () => {
  expect(parentOf('12 (postgres: a (b) c) S 7 12 12 0')).toBe(7);
});
