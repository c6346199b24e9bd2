import type { Queryable } from '#libs/foundation/postgres';

/**
 * Gives a member what it shall have and nobody owns, under a new assignment epoch each.
 * Index: primary key of group_partition (all partitions of the group). Lock: the rows claimed.
 */
export async function claimPartitions(tx: Queryable, groupId: number, memberId: string): Promise<void> {
  await tx.query(
    `update log.group_partition p set owner = p.target, assignment_epoch = p.assignment_epoch + 1, revoking_since = null
     where p.group_id = $1 and p.target = $2 and p.owner is null`,
    [groupId, memberId],
  );
}
