import type { Queryable } from '#libs/foundation/postgres';

/** The start offsets of partitions, in the order given; 0 without records. Index: primary key of log.head. Locks: none. */
export async function startOffsetsOf(
  db: Queryable,
  of: readonly { readonly topicId: number; readonly partition: number }[],
): Promise<bigint[]> {
  const result = await db.query<{ start_offset: string }>(
    `select coalesce(h.start_offset, 0) as start_offset
     from unnest($1::integer[], $2::integer[]) with ordinality as w(topic_id, partition, index)
     left join log.head h on h.topic_id = w.topic_id and h.partition = w.partition
     order by w.index`,
    [of.map(({ topicId }) => topicId), of.map(({ partition }) => partition)],
  );
  return result.rows.map((row) => BigInt(row.start_offset));
}
