import type { AffineMap } from '#libs/stores/log';

export interface Translation {
  /** Log offset of the record that a consumer at the given place reads next. */
  readonly logOffset: bigint;
  /** Where it is, or will be, on the other cluster. */
  readonly clusterOffset: bigint;
  /** Records that the other cluster never got, because the log no longer had them. */
  readonly skipped: bigint;
}

/**
 * Where a consumer that stands at an offset of one cluster goes on at another: exactly behind the same record. Between our
 * records, at those of a foreign writer, it goes on with the next of ours. Undefined when nothing was ever published to
 * one of the two.
 */
export function translateOffset(from: AffineMap, to: AffineMap, offset: bigint): Translation | undefined {
  const logOffset = from.toLog(offset);
  if (logOffset === undefined) return undefined;
  const clusterOffset = to.toCluster(logOffset);
  if (clusterOffset !== undefined) return { logOffset, clusterOffset, skipped: 0n };
  // In a gap of the other cluster: on with the first record behind it.
  const next = to.segments.find((segment) => segment.fromOffset > logOffset);
  if (next === undefined) return undefined;
  return { logOffset, clusterOffset: next.fromOffset + next.delta, skipped: next.fromOffset - logOffset };
}
