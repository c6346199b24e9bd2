import type { Queryable } from '#libs/foundation/postgres';

export interface StepBatch {
  readonly step: string;
  readonly bytes: number;
  readonly positions: readonly string[];
}

/**
 * Batches of all partitions of a topic in steps that end after a position, in the order of steps, at most `limit`. Every
 * message of the topic after the position is in one of them or in a later one.
 * Index: batch_topic_step. Locks: none.
 */
export async function batchesAfter(
  db: Queryable,
  topicId: number,
  afterPosition: bigint,
  limit: number,
): Promise<StepBatch[]> {
  const result = await db.query<{ step: string; bytes: string; positions: string[] }>(
    `select b.step::text as step, b.bytes, b.positions from log.batch b
     where b.topic_id = $1 and b.step > $2
     order by b.step
     limit $3`,
    [topicId, afterPosition, limit],
  );
  return result.rows.map((row) => ({ step: row.step, bytes: Number(row.bytes), positions: row.positions }));
}
