import type { Queryable } from '#libs/foundation/postgres';
import type { PendingMessage } from '../pending-message.ts';

/**
 * Messages after `after` up to `upTo` (both positions) in order, at most `limit`. `upTo` must not be above a horizon that
 * was read before this call. Memory: at most limit x 8 KiB of keys. Sizes are those of the bytes written: pg_column_size
 * tells the size as stored, which compression makes up to a hundred times smaller.
 *
 * Index: primary key of the one or two partitions that the range touches (the literals let the planner prune the rest).
 * Locks: none that conflicts with writers.
 */
export async function readPending(
  db: Queryable,
  after: bigint,
  upTo: bigint,
  limit: number,
): Promise<PendingMessage[]> {
  const result = await db.query<[string, number, number | null, Buffer | null, number, number]>({
    rowMode: 'array',
    text: `select m.id, m.topic_id, m.partition, m.key,
                  coalesce(octet_length(m.payload), 0) + coalesce(octet_length(m.key), 0) + coalesce(
                    case when pg_column_compression(m.headers) is null then pg_column_size(m.headers) else octet_length(m.headers::text) end, 0),
                  round(date_part('epoch', m.created_at) * 1000000)
           from outbox.message m
           where m.id > ${after} and m.id <= ${upTo}
           order by m.id
           limit ${limit}`,
  });
  return result.rows.map(([id, topicId, partition, key, bytes, createdUs]) => ({
    position: BigInt(id),
    topicId,
    partition,
    key,
    bytes,
    createdUs,
  }));
}
