import type { Segment } from '#libs/stores/log';

/** Log offsets from `from` (inclusive) to `to` (exclusive), which are `delta` further on the cluster. */
export interface ExpectedRange {
  readonly from: bigint;
  readonly to: bigint;
  readonly delta: bigint;
}

/** The runs of offsets in which the log's records from `startOffset` to `endOffset` lie on the cluster, in their order. */
export function expectedRanges(
  segments: readonly Segment[],
  startOffset: bigint,
  endOffset: bigint,
): readonly ExpectedRange[] {
  return segments.flatMap(({ fromOffset, delta }, index) => {
    const next = segments[index + 1]?.fromOffset ?? endOffset;
    const from = fromOffset > startOffset ? fromOffset : startOffset;
    const to = next < endOffset ? next : endOffset;
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
