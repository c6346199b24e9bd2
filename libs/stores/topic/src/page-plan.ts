import type { ReadLimits } from './topic-reader.ts';

/** A batch as the plan sees it. */
export interface PlannableBatch {
  /** Bytes of a record of this batch, on average. */
  readonly meanBytes: number;
  /** Those from the page's offset on. */
  readonly positions: readonly string[];
  readonly placeholders: number;
}

export interface PagePlan {
  /** Positions of the records of the page, in the order of their offsets, which are dense. */
  readonly positions: readonly string[];
  readonly hasPlaceholders: boolean;
}

/**
 * Which records a page takes, from the batches that follow its offset. Sizes of single records are not known before
 * they are read, so each counts as the mean of its batch; a batch is bounded in bytes, so a page exceeds its limit by
 * one batch at most.
 */
export function planPage(batches: readonly PlannableBatch[], limits: ReadLimits): PagePlan {
  const positions: string[] = [];
  let bytes = 0;
  let hasPlaceholders = false;
  for (const batch of batches) {
    for (const position of batch.positions) {
      const full =
        positions.length >= limits.maxRecords || (positions.length > 0 && bytes + batch.meanBytes > limits.maxBytes);
      if (full) return { positions, hasPlaceholders };
      positions.push(position);
      bytes += batch.meanBytes;
      if (batch.placeholders > 0) hasPlaceholders = true;
    }
  }
  return { positions, hasPlaceholders };
}
