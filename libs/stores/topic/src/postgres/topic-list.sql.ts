import type { Queryable } from '#libs/foundation/postgres';

/** A topic as routing sees it. */
export interface ListedTopic {
  readonly topicId: number;
  readonly name: string;
  readonly partitions: number;
  readonly messageMaxBytes: number;
}

/** All topics in order of id. Reads outbox.topic whole. Locks: none. */
export async function listAllTopics(db: Queryable): Promise<ListedTopic[]> {
  const result = await db.query<{ id: number; name: string; partitions: number; bytes: number }>(
    'select t.id, t.name, t.partitions, t.max_message_bytes as bytes from outbox.topic t order by t.id',
  );
  return result.rows.map(({ id, name, partitions, bytes }) => ({
    topicId: id,
    name,
    partitions,
    messageMaxBytes: bytes,
  }));
}
