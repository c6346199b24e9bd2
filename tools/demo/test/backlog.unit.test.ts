import { expect, test } from '@jest/globals';
import { atRest } from '../backlog.ts';

const idle = { records: 10, waiting: 0, sequenced: true, toRead: 0, toShip: 0 };

test('rest is seen in two looks between which no record came', () => {
  expect(atRest(idle, idle)).toBe(true);
  expect(atRest(undefined, idle)).toBe(false);
  expect(atRest({ ...idle, records: 9 }, idle)).toBe(false);
});

test.each([{ sequenced: false }, { toRead: 1 }, { toShip: 1 }])('whoever sees %j sees no rest', (work) => {
  expect(atRest({ ...idle, ...work }, idle)).toBe(false);
  expect(atRest(idle, { ...idle, ...work })).toBe(false);
});
