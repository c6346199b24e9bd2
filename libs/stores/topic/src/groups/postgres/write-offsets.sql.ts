import type { Queryable } from '#libs/foundation/postgres';
import type { OffsetReset } from '../plan-reset.ts';

/**
 * Sets offsets, forwards or backwards, and takes partitions into the group that it has not read yet. Nobody may own them.
 * Index: primary keys of group_partition and group_offset. Lock: the rows written.
 */
export async function writeOffsets(
  tx: Queryable,
  groupId: number,
  resets: readonly OffsetReset[],
  by: string,
): Promise<void> {
  await tx.query(
    `with wanted as (
       select * from unnest($2::integer[], $3::integer[], $4::bigint[]) as w(topic_id, partition, next_offset)
     ), placed as (
       insert into log.group_partition (group_id, topic_id, partition)
       select $1, w.topic_id, w.partition from wanted w on conflict do nothing
     )
     insert into log.group_offset as o (group_id, topic_id, partition, next_offset, committed_at, committed_by)
     select $1, w.topic_id, w.partition, w.next_offset, clock_timestamp(), $5 from wanted w
     on conflict (group_id, topic_id, partition) do update
       set next_offset = excluded.next_offset, metadata = null, committed_at = excluded.committed_at, committed_by = excluded.committed_by`,
    [
      groupId,
      resets.map((reset) => reset.topicId),
      resets.map((reset) => reset.partition),
      resets.map((reset) => reset.to.toString()),
      by,
    ],
  );
}
