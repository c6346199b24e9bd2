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
  const next = to.nextOnCluster(logOffset);
  return next && { logOffset, clusterOffset: next.place, skipped: next.offset - logOffset };
}
