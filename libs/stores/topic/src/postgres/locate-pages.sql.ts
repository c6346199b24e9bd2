import type { Queryable } from '#libs/foundation/postgres';
import type { PlannableBatch } from '../page-plan.ts';
import type { PartitionRange } from '../topic-reader.ts';
import { batchesFrom, batchesOf, type BatchRow } from './located-batches.ts';

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
  const result = await db.query<Row>(
    `select t.id as topic_id, p.*
     from outbox.topic t
     left join lateral (
       select h.partition, w."offset", h.start_offset, h.next_offset, b.base_offset, b.bytes, b.records, b.placeholders, b.positions
       from log.head h
       left join unnest($2::integer[], $3::bigint[]) as o(partition, "offset") on o.partition = h.partition
       cross join lateral (select coalesce(o."offset", h.start_offset) as "offset",
                                 least(coalesce(o."offset", h.start_offset), h.next_offset) + $4::bigint as "end") w
       cross join lateral (${batchesFrom('h.topic_id', 'h.partition', 'w."offset"', 'w."end"')}) b
       where h.topic_id = t.id and w."offset" < h.next_offset
     ) p on true
     where t.name = $1
     order by p.partition, p.base_offset`,
    [topic, [...from.keys()], [...from.values()], limit],
  );
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
