import type { ReadLimits } from './topic-reader.ts';

interface MergeableBatch {
  readonly step: string;
  readonly bytes: number;
  readonly positions: readonly string[];
}

/**
 * Positions after `after` in ascending order, within the limits (sizes as the mean of each batch), from the batches of
 * consecutive steps. Steps follow each other and batches of one step interleave, so each step is merged by itself. When
 * `cut` says that batches were left out, those of the last step may be missing and it is not used, unless it is the only
 * one, which the caller must then read whole.
 */
export function mergeSteps(
  batches: readonly MergeableBatch[],
  after: bigint,
  limits: ReadLimits,
  cut: boolean,
): { positions: string[]; more: boolean } {
  const last = batches.at(-1)?.step;
  const usable = cut ? batches.filter((batch) => batch.step !== last) : batches;
  const merged = usable
    .flatMap((batch) =>
      batch.positions
        .map((position) => ({ position: BigInt(position), mean: batch.bytes / batch.positions.length }))
        .filter((entry) => entry.position > after),
    )
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const positions: string[] = [];
  let bytes = 0;
  for (const entry of merged) {
    bytes += entry.mean;
    if (positions.length >= limits.maxRecords || (positions.length > 0 && bytes > limits.maxBytes)) {
      return { positions, more: true };
    }
    positions.push(entry.position.toString());
  }
  return { positions, more: cut };
}
