import type { ReadLimits } from './topic-reader.ts';

/** A batch as the plan sees it. */
export interface PlannableBatch {
  /** Bytes of a record of this batch, on average. */
  readonly meanBytes: number;
  /** Those from the page's offset on, at least one. */
  readonly positions: readonly string[];
  readonly placeholders: number;
}

export interface PagePlan {
  /** Positions of the records of the page, in the order of their offsets, which are dense. */
  readonly positions: readonly string[];
  /** What they have by the mean of their batches. */
  readonly bytes: number;
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
      if (full) return { positions, bytes, hasPlaceholders };
      positions.push(position);
      bytes += batch.meanBytes;
      if (batch.placeholders > 0) hasPlaceholders = true;
    }
  }
  return { positions, bytes, hasPlaceholders };
}

/**
 * One page of each partition under limits that hold for all together. The partition whose next record is the oldest comes
 * first, so that none waits for ever behind others that always have more. Partitions that are left out come with a later
 * page.
 */
export function planPages<Located extends { readonly batches: readonly PlannableBatch[] }>(
  partitions: readonly Located[],
  limits: ReadLimits,
): { located: Located; plan: PagePlan }[] {
  const oldestFirst = partitions.toSorted((a, b) =>
    comparePositions(a.batches[0]!.positions[0]!, b.batches[0]!.positions[0]!),
  );
  const pages: { located: Located; plan: PagePlan }[] = [];
  let { maxRecords, maxBytes } = limits;
  for (const located of oldestFirst) {
    if (maxRecords <= 0 || maxBytes <= 0) break;
    const plan = planPage(located.batches, { maxRecords, maxBytes });
    pages.push({ located, plan });
    maxRecords -= plan.positions.length;
    maxBytes -= plan.bytes;
  }
  return pages;
}

/** Order of positions as decimal text. */
export function comparePositions(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
