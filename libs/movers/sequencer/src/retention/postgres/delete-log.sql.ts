import type { Queryable } from '#libs/foundation/postgres';
import type { PositionRange } from '../partition-verdict.ts';

/**
 * Deletes batches whose messages were in the range, at most `limit`, and their placeholders; returns how many batches.
 * Their offsets are below the start offsets already.
 * Index: batch_topic_step to find them, the primary keys to delete them. Locks the rows it deletes.
 */
export async function deleteBatches(db: Queryable, range: PositionRange, limit: number): Promise<number> {
  const result = await db.query<{ n: number }>(
    `with chosen as (
       select b.topic_id, b.partition, b.base_offset, b.records, b.placeholders
       from outbox.topic t
       cross join lateral (
         select * from log.batch l where l.topic_id = t.id and l.step >= $1 and l.step < $2 limit $3
       ) b
       limit $3
     ), gone as (
       delete from log.placeholder p using chosen c
       where c.placeholders > 0 and p.topic_id = c.topic_id and p.partition = c.partition
         and p."offset" >= c.base_offset and p."offset" < c.base_offset + c.records
     ), deleted as (
       delete from log.batch b using chosen c
       where b.topic_id = c.topic_id and b.partition = c.partition and b.base_offset = c.base_offset
       returning 1
     )
     select count(*)::integer as n from deleted`,
    [range.lower, range.upper, limit],
  );
  return result.rows[0]!.n;
}

/**
 * Deletes the placeholders of the range that stand in no partition of a topic (-1, with the position as offset).
 * Reads log.placeholder whole: it holds exceptions only. Locks the rows it deletes.
 */
export async function deleteHomelessPlaceholders(db: Queryable, range: PositionRange): Promise<void> {
  await db.query('delete from log.placeholder where partition = -1 and "offset" >= $1 and "offset" < $2', [
    range.lower,
    range.upper,
  ]);
}
