import type { Queryable } from '#libs/foundation/postgres';

/** Ends a membership; false when there was none. Index: primary key of group_member. Lock: its row. */
export async function removeMember(tx: Queryable, groupId: number, memberId: string): Promise<boolean> {
  const result = await tx.query('delete from log.group_member m where m.group_id = $1 and m.member_id = $2', [
    groupId,
    memberId,
  ]);
  return result.rowCount === 1;
}
