import { expect, test } from '@jest/globals';
import { median, percentile, slope } from '../statistics.ts';

test('median is the middle value or the mean of the two in the middle, and leaves its argument as it is', () => {
  const values = [9, 1, 5];
  expect(median(values)).toBe(5);
  expect(values).toEqual([9, 1, 5]);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('percentile is a value of the series that the share of it does not exceed', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test('slope is that of the line through the points, and 0 without a spread', () => {
  expect(
    slope([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBeCloseTo(2);
  expect(
    slope([
      [0, 4],
      [1, 0],
      [2, 4],
      [3, 0],
    ]),
  ).toBeCloseTo(-0.8);
  expect(
    slope([
      [1, 1],
      [1, 9],
    ]),
  ).toBe(0);
});
