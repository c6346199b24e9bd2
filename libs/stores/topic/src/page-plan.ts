import type { ReadLimits } from './topic-reader.ts';

/** A batch as the plan sees it. */
export interface PlannableBatch {
  readonly baseOffset: bigint;
  readonly bytes: number;
  readonly positions: readonly string[];
  readonly placeholders: number;
}

export interface PagePlan {
  /** Positions of the records of the page, in the order of their offsets, which begin at `offset` and are dense. */
  readonly positions: readonly string[];
  readonly hasPlaceholders: boolean;
}

/**
 * Which records a page takes, from the batches that follow its offset. Sizes of single records are not known before
 * they are read, so each counts as the mean of its batch; a batch is bounded in bytes, so a page exceeds its limit by
 * one batch at most.
 */
export function planPage(batches: readonly PlannableBatch[], offset: bigint, limits: ReadLimits): PagePlan {
  const positions: string[] = [];
  let bytes = 0;
  let hasPlaceholders = false;
  for (const batch of batches) {
    const mean = batch.bytes / batch.positions.length;
    const skip = offset > batch.baseOffset ? Number(offset - batch.baseOffset) : 0;
    for (let index = skip; index < batch.positions.length; index += 1) {
      const full = positions.length >= limits.maxRecords || (positions.length > 0 && bytes + mean > limits.maxBytes);
      if (full) return { positions, hasPlaceholders };
      positions.push(batch.positions[index]!);
      bytes += mean;
      if (batch.placeholders > 0) hasPlaceholders = true;
    }
  }
  return { positions, hasPlaceholders };
}
