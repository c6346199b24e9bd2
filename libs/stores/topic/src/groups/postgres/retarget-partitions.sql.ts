import type { Queryable } from '#libs/foundation/postgres';

export interface Retargeting {
  readonly topicId: number;
  readonly partition: number;
  readonly target: string | null;
}

/**
 * Says who shall have the partitions. Index: primary key of group_partition. Lock: FOR NO KEY UPDATE on the rows, which
 * does not conflict with the FOR KEY SHARE of a commit.
 */
export async function retargetPartitions(
  tx: Queryable,
  groupId: number,
  changes: readonly Retargeting[],
): Promise<void> {
  await tx.query(
    `update log.group_partition p
     set target = w.target,
         revoking_since = case when p.owner is null or p.owner = w.target then null else coalesce(p.revoking_since, clock_timestamp()) end
     from unnest($2::integer[], $3::integer[], $4::text[]) as w(topic_id, partition, target)
     where p.group_id = $1 and p.topic_id = w.topic_id and p.partition = w.partition`,
    [
      groupId,
      changes.map((change) => change.topicId),
      changes.map((change) => change.partition),
      changes.map((change) => change.target),
    ],
  );
}
