import type { Queryable } from '#libs/foundation/postgres';

/**
 * Takes partitions from their owners and answers how many. FOR UPDATE conflicts with the FOR KEY SHARE of a commit whose
 * transaction is open, and SKIP LOCKED leaves such a partition to its owner until a later heartbeat.
 * Index: primary key of group_partition. Lock: the rows freed.
 */
export async function freePartitions(
  tx: Queryable,
  groupId: number,
  partitions: readonly { readonly topicId: number; readonly partition: number }[],
): Promise<number> {
  const result = await tx.query(
    `with free as (
       select p.topic_id, p.partition from log.group_partition p
       where p.group_id = $1
         and (p.topic_id, p.partition) in (select w.topic_id, w.partition from unnest($2::integer[], $3::integer[]) as w(topic_id, partition))
       for update skip locked
     )
     update log.group_partition p set owner = null, revoking_since = null
     from free f where p.group_id = $1 and p.topic_id = f.topic_id and p.partition = f.partition`,
    [groupId, partitions.map((partition) => partition.topicId), partitions.map((partition) => partition.partition)],
  );
  return result.rowCount ?? 0;
}
