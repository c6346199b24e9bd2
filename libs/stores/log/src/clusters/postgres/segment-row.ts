import type { Segment, SegmentReason } from '../segment.ts';

/** A segment as it comes from Postgres. */
export function segmentOf(row: {
  readonly from_offset: string;
  readonly delta: string;
  readonly sequence_delta: string;
  readonly reason: SegmentReason;
}): Segment {
  return {
    fromOffset: BigInt(row.from_offset),
    delta: BigInt(row.delta),
    sequenceDelta: BigInt(row.sequence_delta),
    reason: row.reason,
  };
}
