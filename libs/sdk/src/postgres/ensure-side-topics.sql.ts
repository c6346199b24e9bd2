import type { SideTopic } from '#libs/movers/consumer';
import type { Queryable } from '#libs/foundation/postgres';

/** A side topic whose source is not a topic of this database: what is known of that one. */
export interface SideTopicToMake extends SideTopic {
  readonly partitions?: number;
  readonly maxMessageBytes?: number;
}

/**
 * Makes the topics that are missing, in one statement. Index: topic_name_key. Locks: the rows that are made, in order of name,
 * so that two consumers that start at once cannot deadlock.
 */
export async function ensureSideTopics(db: Queryable, topics: readonly SideTopicToMake[]): Promise<void> {
  const sorted = [...topics].sort((a, b) => (a.topic < b.topic ? -1 : 1));
  await db.query(
    `select outbox.ensure_side_topic(s.topic, s.source, s.partitions, s.bytes)
     from unnest($1::text[], $2::text[], $3::integer[], $4::integer[]) with ordinality as s (topic, source, partitions, bytes, place)
     order by s.place`,
    [
      sorted.map(({ topic }) => topic),
      sorted.map(({ source }) => source),
      sorted.map(({ partitions }) => partitions ?? null),
      sorted.map(({ maxMessageBytes }) => maxMessageBytes ?? null),
    ],
  );
}
