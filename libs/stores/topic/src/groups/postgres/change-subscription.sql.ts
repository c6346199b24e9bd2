import type { Queryable } from '#libs/foundation/postgres';

/** Replaces the topics of a member. Index: primary key of group_member. Lock: its row. */
export async function changeSubscription(
  tx: Queryable,
  groupId: number,
  memberId: string,
  topics: readonly string[],
): Promise<void> {
  await tx.query('update log.group_member m set topics = $3 where m.group_id = $1 and m.member_id = $2', [
    groupId,
    memberId,
    topics,
  ]);
}
