import type { Queryable } from '#libs/foundation/postgres';

/**
 * Notes that the member is alive; false when it is none. Run on its own before the group is locked: a member that waits
 * for the lock must not look dead to the one that holds it. Index: primary key of group_member. Lock: its row.
 */
export async function touchMember(db: Queryable, group: string, memberId: string): Promise<boolean> {
  const result = await db.query(
    `update log.group_member m set last_seen = clock_timestamp()
     where m.group_id = (select g.id from log.consumer_group g where g.name = $1) and m.member_id = $2`,
    [group, memberId],
  );
  return result.rowCount === 1;
}
