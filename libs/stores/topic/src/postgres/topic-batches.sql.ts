import type { Queryable } from '#libs/foundation/postgres';

export interface StepBatch {
  readonly step: string;
  readonly bytes: number;
  readonly positions: readonly string[];
}

export interface StepBatches {
  readonly batches: readonly StepBatch[];
  /** Batches of the last step may be missing. */
  readonly cut: boolean;
}

/**
 * Batches of all partitions of a topic in steps that end after a position, in the order of steps: whole steps until there
 * are more than `limit.records` records behind the first one (of which a part may be before the position), out of at most
 * `limit.batches`. Every message of the topic after the position is in one of them or in a later one. Without the limit of
 * records a page of one would carry the positions of a few hundred thousand.
 * Index: batch_topic_step. Locks: none.
 */
export async function batchesAfter(
  db: Queryable,
  topicId: number,
  afterPosition: bigint,
  limit: { readonly batches: number; readonly records: number },
): Promise<StepBatches> {
  const result = await db.query<{
    step: string;
    bytes: string;
    positions: string[];
    looked_at: number;
    last_step: string;
  }>(
    `select w.step::text as step, w.bytes, w.positions, w.looked_at, w.last_step::text as last_step
     from (
       select b.step, b.bytes, b.positions, (count(*) over ())::integer as looked_at, max(b.step) over () as last_step,
              sum(b.behind_first) over (order by b.step) - sum(b.behind_first) over (partition by b.step) as before
       from (
         select l.step, l.bytes, l.positions, case when l.step > min(l.step) over () then l.records else 0 end as behind_first
         from (select * from log.batch c where c.topic_id = $1 and c.step > $2 order by c.step limit $3) l
       ) b
     ) w
     where w.before <= $4
     order by w.step`,
    [topicId, afterPosition, limit.batches, limit.records],
  );
  const last = result.rows.at(-1);
  return {
    batches: result.rows.map((row) => ({ step: row.step, bytes: Number(row.bytes), positions: row.positions })),
    cut: last !== undefined && last.looked_at === limit.batches && last.step === last.last_step,
  };
}
