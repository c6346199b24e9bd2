import type { PlannableBatch } from '../page-plan.ts';

/** Columns of a batch in the answer; null where the partition has none from the offset on. */
export interface BatchRow {
  readonly bytes: string | null;
  readonly records: number;
  readonly placeholders: number;
  readonly positions: string;
}

/**
 * SQL for the batches of a partition with records from an offset (inclusive) to an end (exclusive): offsets are dense, so
 * they are known without counting, and so is the slice of positions that the page needs. The slice stays within the batch,
 * because a subscript overflows 2^31 past it. Positions travel as text: parsing an array costs a reader more than all
 * the rest of its page.
 */
export function batchesFrom(topicId: string, partition: string, offset: string, end: string): string {
  return `
       select c.base_offset, c.bytes, c.records, c.placeholders,
              array_to_string(c.positions[least(greatest(${offset} - c.base_offset + 1, 1), c.records + 1):least(${end} - c.base_offset, c.records)], ',') as positions
       from log.batch c
       where c.topic_id = ${topicId} and c.partition = ${partition} and c.base_offset < ${end}
         and c.base_offset >= coalesce((select d.base_offset from log.batch d
                                        where d.topic_id = ${topicId} and d.partition = ${partition} and d.base_offset <= ${offset}
                                        order by d.base_offset desc limit 1), 0)`;
}

export function batchesOf(rows: readonly BatchRow[]): PlannableBatch[] {
  return rows
    .filter((row) => row.bytes !== null && row.positions !== '')
    .map((row) => ({
      meanBytes: Number(row.bytes) / row.records,
      positions: row.positions.split(','),
      placeholders: row.placeholders,
    }));
}
