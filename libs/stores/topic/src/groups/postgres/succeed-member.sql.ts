import type { Queryable } from '#libs/foundation/postgres';

/**
 * Puts a member in the place of the one with its instance id; false when there is none. The successor is the target of
 * everything that the predecessor was. What that one owned has then an owner that is no member, and is freed like what
 * a dead member owned: not while a transaction that commits its offset is open.
 * Indexes: group_member_instance, primary key of group_partition. Lock: the member's row, and FOR NO KEY UPDATE on the
 * partitions, which does not conflict with the FOR KEY SHARE of a commit.
 */
export async function succeedMember(
  tx: Queryable,
  groupId: number,
  instanceId: string,
  memberId: string,
): Promise<boolean> {
  const result = await tx.query(
    `with predecessor as (
       select m.member_id from log.group_member m where m.group_id = $1 and m.instance_id = $2 and m.member_id <> $3
     ), retargeted as (
       update log.group_partition p set target = $3 from predecessor o where p.group_id = $1 and p.target = o.member_id
     )
     update log.group_member m set member_id = $3, joined_at = clock_timestamp()
     from predecessor o where m.group_id = $1 and m.member_id = o.member_id`,
    [groupId, instanceId, memberId],
  );
  return result.rowCount === 1;
}
