import type { Queryable } from '#libs/foundation/postgres';

/** True when the group has a member with the instance id. Indexes: consumer_group(name), group_member_instance. Locks: none. */
export async function hasInstance(db: Queryable, group: string, instanceId: string): Promise<boolean> {
  const result = await db.query(
    `select 1 from log.group_member m
     where m.group_id = (select g.id from log.consumer_group g where g.name = $1) and m.instance_id = $2`,
    [group, instanceId],
  );
  return result.rowCount === 1;
}
