import type { Queryable } from '#libs/foundation/postgres';
import type { Head } from '../batch.ts';

/** Names a partition of a topic in maps. */
export type PartitionKey = `${number}/${number}`;

export const partitionKey = (topicId: number, partition: number): PartitionKey => `${topicId}/${partition}`;

/** The ends of all partitions that hold records: a page per hundred partitions, read once per term. Locks: none. */
export async function readHeads(db: Queryable): Promise<Map<PartitionKey, Head>> {
  const result = await db.query<{ topic_id: number; partition: number; next_offset: string; high_us: number | null }>(
    `select h.topic_id, h.partition, h.next_offset, round(date_part('epoch', h.time_high) * 1000000) as high_us from log.head h`,
  );
  return new Map(
    result.rows.map((row) => [
      partitionKey(row.topic_id, row.partition),
      { nextOffset: BigInt(row.next_offset), highUs: row.high_us ?? 0 },
    ]),
  );
}
