import type { Queryable } from '#libs/foundation/postgres';
import type { PartitionRange } from '../topic-reader.ts';

export interface TopicRanges {
  readonly topicId: number;
  readonly ranges: readonly PartitionRange[];
}

/** Ends of all partitions of a topic; undefined when there is no such topic. Indexes: outbox.topic(name), primary key of log.head. */
export async function readRanges(db: Queryable, topic: string): Promise<TopicRanges | undefined> {
  const result = await db.query<{ topic_id: number; partition: number; start_offset: string; next_offset: string }>(
    `select t.id as topic_id, p.partition, coalesce(h.start_offset, 0) as start_offset, coalesce(h.next_offset, 0) as next_offset
     from outbox.topic t
     cross join lateral generate_series(0, t.partitions - 1) as p(partition)
     left join log.head h on h.topic_id = t.id and h.partition = p.partition
     where t.name = $1
     order by p.partition`,
    [topic],
  );
  if (result.rows[0] === undefined) return undefined;
  return {
    topicId: result.rows[0].topic_id,
    ranges: result.rows.map((row) => ({
      partition: row.partition,
      startOffset: BigInt(row.start_offset),
      endOffset: BigInt(row.next_offset),
    })),
  };
}
