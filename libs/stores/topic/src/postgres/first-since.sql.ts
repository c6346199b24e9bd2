import type { Queryable } from '#libs/foundation/postgres';

export interface TimedPlace {
  readonly offset: bigint;
  readonly position: bigint;
}

/**
 * The first record written at or after a time that can still be read; undefined when there is none. time_high never falls
 * along a partition, so the batches that can have such a record begin where it reaches the time; last_time says which does.
 * Batches below the start offset are passed over: their messages may be gone already while a drop is under way.
 * Indexes: batch_time, the primary key of log.head, then the primary key of outbox.message for one batch. Locks: none.
 */
export async function firstSince(
  db: Queryable,
  topicId: number,
  partition: number,
  time: Date,
): Promise<TimedPlace | undefined> {
  const result = await db.query<{ offset: string; position: string }>(
    `select b.base_offset + u.index - 1 as "offset", u.position
     from (select c.base_offset, c.positions from log.batch c
           where c.topic_id = $1 and c.partition = $2 and c.time_high >= $3 and c.last_time >= $3
             and c.base_offset >= (select h.start_offset from log.head h where h.topic_id = $1 and h.partition = $2)
           order by c.time_high, c.base_offset limit 1) b
     cross join lateral unnest(b.positions) with ordinality as u(position, index)
     join outbox.message m on m.id = u.position
     where m.created_at >= $3
     order by u.index
     limit 1`,
    [topicId, partition, time],
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { offset: BigInt(row.offset), position: BigInt(row.position) };
}
