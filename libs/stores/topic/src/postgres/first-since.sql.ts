import type { Queryable } from '#libs/foundation/postgres';

export interface TimedPlace {
  readonly offset: bigint;
  readonly position: bigint;
}

/**
 * The first record written at or after a time; undefined when there is none. time_high never falls along a
 * partition, so the first batch whose time_high reaches the time is the first that has such a record.
 * Indexes: batch_time, then the primary key of outbox.message for one batch. Locks: none.
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
           where c.topic_id = $1 and c.partition = $2 and c.time_high >= $3
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
