import type { PlannableBatch } from '../page-plan.ts';

/** Columns of a batch in the answer; null where the partition has none from the offset on. */
export interface BatchRow {
  readonly bytes: string | null;
  readonly records: number;
  readonly placeholders: number;
  readonly positions: string;
}

/** The batches of a partition that have records for the page. */
export function batchesOf(rows: readonly BatchRow[]): PlannableBatch[] {
  return rows
    .filter((row) => row.bytes !== null && row.positions !== '')
    .map((row) => ({
      meanBytes: Number(row.bytes) / row.records,
      positions: row.positions.split(','),
      placeholders: row.placeholders,
    }));
}
