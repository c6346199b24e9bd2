import type { Queryable } from '#libs/foundation/postgres';

export interface BatchSlice {
  readonly baseOffset: bigint;
  readonly bytes: number;
  readonly positions: readonly string[];
  readonly placeholders: number;
}

/**
 * The batches that hold the records from `offset` on: the one that contains it and those after it, at most `limit`.
 * Index: primary key of log.batch (one descent, then forward). Locks: none.
 */
export async function locateBatches(
  db: Queryable,
  topicId: number,
  partition: number,
  offset: bigint,
  limit: number,
): Promise<BatchSlice[]> {
  const result = await db.query<{ base_offset: string; bytes: string; positions: string[]; placeholders: number }>(
    `select b.base_offset, b.bytes, b.positions, b.placeholders
     from log.batch b
     where b.topic_id = $1 and b.partition = $2
       and b.base_offset >= coalesce((select c.base_offset from log.batch c
                                      where c.topic_id = $1 and c.partition = $2 and c.base_offset <= $3
                                      order by c.base_offset desc limit 1), 0)
     order by b.base_offset
     limit $4`,
    [topicId, partition, offset, limit],
  );
  return result.rows.map((row) => ({
    baseOffset: BigInt(row.base_offset),
    bytes: Number(row.bytes),
    positions: row.positions,
    placeholders: row.placeholders,
  }));
}
