import type { Queryable } from '#libs/foundation/postgres';
import type { PositionRange, TopicAge } from '../partition-verdict.ts';

interface AgeRow {
  topic: string;
  retention_ms: string | null;
  youngest_ms: number;
}

const ageOf = (row: AgeRow): TopicAge => ({
  topic: row.topic,
  retentionMs: row.retention_ms === null ? null : BigInt(row.retention_ms),
  youngestMs: row.youngest_ms,
});

/**
 * At least as old as the truth: of each topic the batches of its last step only, whose time_high need not be the highest
 * of all partitions of the topic.
 * Index: batch_topic_step, two descents per topic of the database. Locks: none.
 */
export async function estimateTopicAges(db: Queryable, range: PositionRange): Promise<TopicAge[]> {
  const result = await db.query<AgeRow>(
    `select t.name as topic, t.retention_ms, extract(epoch from clock_timestamp() - b.time_high)::float8 * 1000 as youngest_ms
     from outbox.topic t
     cross join lateral (
       select s.step from log.batch s where s.topic_id = t.id and s.step >= $1 and s.step < $2 order by s.step desc limit 1
     ) last
     cross join lateral (select max(l.time_high) as time_high from log.batch l where l.topic_id = t.id and l.step = last.step) b`,
    [range.lower, range.upper],
  );
  return result.rows.map(ageOf);
}

/** The records of one partition of a topic that lie in a range of positions. */
export interface LogEnd {
  readonly topicId: number;
  readonly partition: number;
  /** One past the last offset. */
  readonly endOffset: bigint;
}

/**
 * The exact ages, and where the records of the range end. Steps end where partitions of outbox.message end, so the steps
 * from `lower` to `upper` - 1 hold exactly its messages.
 * Index: batch_topic_step; reads every batch of the range, at most one per message. Locks: none.
 */
export async function readTopicAges(
  db: Queryable,
  range: PositionRange,
): Promise<{ topics: TopicAge[]; ends: LogEnd[] }> {
  const result = await db.query<AgeRow & { topic_id: number; partition: number; end_offset: string }>(
    `select t.name as topic, t.retention_ms, t.id as topic_id, b.partition, b.end_offset,
            extract(epoch from clock_timestamp() - b.time_high)::float8 * 1000 as youngest_ms
     from outbox.topic t
     cross join lateral (
       select l.partition, max(l.base_offset + l.records) as end_offset, max(l.time_high) as time_high
       from log.batch l where l.topic_id = t.id and l.step >= $1 and l.step < $2 group by l.partition
     ) b`,
    [range.lower, range.upper],
  );
  return {
    topics: result.rows.map(ageOf),
    ends: result.rows.map((row) => ({
      topicId: row.topic_id,
      partition: row.partition,
      endOffset: BigInt(row.end_offset),
    })),
  };
}

/**
 * Whether a batch that begins below `upper` belongs to a later step. No sequencer of this version makes one.
 * Index: batch_topic_step, two descents per topic. Locks: none.
 */
export async function isStraddled(db: Queryable, upper: bigint): Promise<boolean> {
  const result = await db.query<{ straddled: boolean }>(
    `select exists (
       select from outbox.topic t
       cross join lateral (
         select s.step from log.batch s where s.topic_id = t.id and s.step >= $1 order by s.step limit 1
       ) next
       join log.batch b on b.topic_id = t.id and b.step = next.step
       where b.positions[1] < $1
     ) as straddled`,
    [upper],
  );
  return result.rows[0]!.straddled;
}
