import type { Queryable } from '#libs/foundation/postgres';

/**
 * Says whether a group holds back retention; false when there is no such group. Index: consumer_group(name). Locks: its row,
 * and log.retention_hold ROW EXCLUSIVE (DELETE takes it, though it deletes nothing), on which drops are decided: a group
 * that is required when this has committed is seen by every later decision, and an earlier one has come out already.
 */
export async function setRequired(db: Queryable, name: string, required: boolean): Promise<boolean> {
  const result = await db.query(
    `with decided as (delete from log.retention_hold where false)
     update log.consumer_group g set required = $2 where g.name = $1`,
    [name, required],
  );
  return result.rowCount === 1;
}
