import type { Queryable } from '#libs/foundation/postgres';

/** Deletes the offsets of a group in one topic; answers how many. Index: primary keys, by group and topic. Lock: the rows. */
export async function forgetTopic(tx: Queryable, groupId: number, topic: string): Promise<number> {
  const result = await tx.query(
    `with gone as (
       delete from log.group_partition p where p.group_id = $1 and p.topic_id = (select t.id from outbox.topic t where t.name = $2)
     )
     delete from log.group_offset o where o.group_id = $1 and o.topic_id = (select t.id from outbox.topic t where t.name = $2)`,
    [groupId, topic],
  );
  return result.rowCount ?? 0;
}
