import type { Queryable } from '#libs/foundation/postgres';

/** Offsets of a group in one topic, by partition. Index: primary key of group_offset. Locks: none; the caller holds the group. */
export async function readOffsets(tx: Queryable, groupId: number, topicId: number): Promise<Map<number, bigint>> {
  const result = await tx.query<{ partition: number; next_offset: string }>(
    'select o.partition, o.next_offset from log.group_offset o where o.group_id = $1 and o.topic_id = $2',
    [groupId, topicId],
  );
  return new Map(result.rows.map((row) => [row.partition, BigInt(row.next_offset)]));
}
