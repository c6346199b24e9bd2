import type { Queryable } from '#libs/foundation/postgres';
import type { PlannableBatch } from '../page-plan.ts';
import type { PartitionRange } from '../topic-reader.ts';
import { batchesOf, type BatchRow } from './located-batches.ts';

export interface LocatedPage {
  readonly topicId: number;
  readonly range: PartitionRange;
  readonly offset: bigint;
  /** At least one, unless the offset is before the start of the partition. */
  readonly batches: readonly PlannableBatch[];
}

interface Row extends BatchRow {
  readonly topic_id: number;
  readonly partition: number | null;
  readonly offset: string;
  readonly start_offset: string;
  readonly next_offset: string;
}

/**
 * For each partition with records from its offset on: where they are, at most `limit` per partition. Partitions without
 * an offset in `from` begin at their start. Undefined when there is no such topic.
 * Indexes: topic_name_key, primary keys of log.head and log.batch (one descent per partition). Locks: none.
 */
export async function locatePages(
  db: Queryable,
  topic: string,
  from: ReadonlyMap<number, bigint>,
  limit: number,
): Promise<LocatedPage[] | undefined> {
  const result = await db.query<Row>('select * from log.locate_pages($1, $2, $3, $4)', [
    topic,
    [...from.keys()],
    [...from.values()],
    limit,
  ]);
  if (result.rows.length === 0) return undefined;
  const pages = new Map<number, Row[]>();
  for (const row of result.rows) {
    if (row.partition === null) continue;
    const rows = pages.get(row.partition);
    if (rows === undefined) pages.set(row.partition, [row]);
    else rows.push(row);
  }
  return [...pages].map(([partition, rows]) => ({
    topicId: rows[0]!.topic_id,
    range: { partition, startOffset: BigInt(rows[0]!.start_offset), endOffset: BigInt(rows[0]!.next_offset) },
    offset: BigInt(rows[0]!.offset),
    batches: batchesOf(rows),
  }));
}
