import { expect, test } from '@jest/globals';
import type { Segment, SegmentReason } from '#libs/stores/log';
import { expectedRanges, logRangesWithin } from '../src/verify/expected-ranges.ts';

const segment = (fromOffset: bigint, delta: bigint, reason: SegmentReason = 'foreign'): Segment => ({
  fromOffset,
  delta,
  sequenceDelta: 0n,
  reason,
});

test('segments follow one another', () => {
  expect(expectedRanges([segment(0n, 0n, 'start'), segment(5n, 2n)], 0n, 9n)).toEqual([
    { from: 0n, to: 5n, delta: 0n },
    { from: 5n, to: 9n, delta: 2n },
  ]);
});

test('what the log no longer has is not expected', () => {
  expect(expectedRanges([segment(0n, 0n, 'start'), segment(5n, 2n)], 6n, 9n)).toEqual([
    { from: 6n, to: 9n, delta: 2n },
  ]);
});

test('records that were pruned before the cluster had them are not expected', () => {
  expect(expectedRanges([segment(0n, 0n, 'start'), segment(10n, -6n, 'pruned')], 0n, 12n)).toEqual([
    { from: 0n, to: 4n, delta: 0n },
    { from: 10n, to: 12n, delta: -6n },
  ]);
});

test('what lay on the cluster before the topic was recreated is not expected', () => {
  expect(expectedRanges([segment(0n, 0n, 'start'), segment(4n, -4n, 'recreated')], 0n, 6n)).toEqual([
    { from: 4n, to: 6n, delta: -4n },
  ]);
});

test('a window takes a part of each range', () => {
  const ranges = [
    { from: 0n, to: 5n, delta: 0n },
    { from: 5n, to: 9n, delta: 2n },
  ];
  expect(logRangesWithin(ranges, 3n, 8n)).toEqual([
    { from: 3n, to: 5n, delta: 0n },
    { from: 5n, to: 6n, delta: 2n },
  ]);
  expect(logRangesWithin(ranges, 5n, 7n)).toEqual([]);
});
