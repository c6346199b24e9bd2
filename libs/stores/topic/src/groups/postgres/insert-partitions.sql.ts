import type { Queryable } from '#libs/foundation/postgres';

export interface PartitionToInsert {
  readonly topicId: number;
  readonly partition: number;
  readonly target: string | null;
  /** Where the group starts in it. */
  readonly startOffset: bigint;
}

/** Takes partitions into a group, each with its start position, in one statement. Index: primary keys. Lock: new rows only. */
export async function insertPartitions(
  tx: Queryable,
  groupId: number,
  partitions: readonly PartitionToInsert[],
): Promise<void> {
  await tx.query(
    `with new as (
       select * from unnest($2::integer[], $3::integer[], $4::text[], $5::bigint[]) as n(topic_id, partition, target, start_offset)
     ), placed as (
       insert into log.group_partition (group_id, topic_id, partition, target)
       select $1, n.topic_id, n.partition, n.target from new n
     )
     insert into log.group_offset (group_id, topic_id, partition, next_offset)
     select $1, n.topic_id, n.partition, n.start_offset from new n`,
    [
      groupId,
      partitions.map((partition) => partition.topicId),
      partitions.map((partition) => partition.partition),
      partitions.map((partition) => partition.target),
      partitions.map((partition) => partition.startOffset.toString()),
    ],
  );
}
