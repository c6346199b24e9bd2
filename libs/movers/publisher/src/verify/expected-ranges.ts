import type { Segment } from '#libs/stores/log';

/** Log offsets from `from` (inclusive) to `to` (exclusive), which are `delta` further on the cluster. */
export interface ExpectedRange {
  readonly from: bigint;
  readonly to: bigint;
  readonly delta: bigint;
}

/**
 * The runs of offsets in which the log's records from `startOffset` to `endOffset` lie on the cluster, in their order. What
 * was there before the topic was recreated is gone; a segment ends where the next one's place begins, which is earlier
 * than its first record when history was pruned.
 */
export function expectedRanges(
  segments: readonly Segment[],
  startOffset: bigint,
  endOffset: bigint,
): readonly ExpectedRange[] {
  const current = segments.slice(
    Math.max(
      0,
      segments.findLastIndex(({ reason }) => reason === 'recreated'),
    ),
  );
  return current.flatMap(({ fromOffset, delta }, index) => {
    const next = current[index + 1];
    const end = next === undefined ? endOffset : min(next.fromOffset, next.fromOffset + next.delta - delta);
    const from = fromOffset > startOffset ? fromOffset : startOffset;
    const to = min(end, endOffset);
    return from < to ? [{ from, to, delta }] : [];
  });
}

/** The log offsets whose places on the cluster are from `begin` (inclusive) to `end` (exclusive). */
export function logRangesWithin(ranges: readonly ExpectedRange[], begin: bigint, end: bigint): ExpectedRange[] {
  return ranges.flatMap(({ from, to, delta }) => {
    const first = from + delta > begin ? from : begin - delta;
    const last = to + delta < end ? to : end - delta;
    return first < last ? [{ from: first, to: last, delta }] : [];
  });
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
