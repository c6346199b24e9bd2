/** How much a verification does and holds at a time. */
export interface VerifyLimits {
  /** Partitions that are read at the same time. */
  readonly partitions: number;
  /** Of the records of both sides that are in memory; each partition has an equal share of it. */
  readonly bytes: number;
}

export const VERIFY_LIMITS: VerifyLimits = { partitions: 4, bytes: 16 * 1024 * 1024 };

/** What one partition may have in memory of each side, in bytes. */
export function shareOf({ partitions, bytes }: VerifyLimits): number {
  return Math.floor(bytes / partitions / 2);
}
