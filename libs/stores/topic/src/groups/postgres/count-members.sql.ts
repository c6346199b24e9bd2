import type { Queryable } from '#libs/foundation/postgres';

/** How many members a group has. Index: primary key of group_member. Locks: none. */
export async function countMembers(tx: Queryable, groupId: number): Promise<number> {
  const result = await tx.query<{ members: number }>(
    'select count(*)::integer as members from log.group_member m where m.group_id = $1',
    [groupId],
  );
  return result.rows[0]!.members;
}
