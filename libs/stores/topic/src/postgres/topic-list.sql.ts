import type { Queryable } from '#libs/foundation/postgres';

/** A topic as routing sees it. */
export interface ListedTopic {
  readonly topicId: number;
  readonly name: string;
  readonly partitions: number;
  readonly messageMaxBytes: number;
}

/** All topics in order of id, and a revision that changes with any of them. Reads outbox.topic whole. Locks: none. */
export async function listAllTopics(db: Queryable): Promise<{ revision: string; topics: ListedTopic[] }> {
  const result = await db.query<{ id: number; name: string; partitions: number; bytes: number; revision: string }>(
    'select t.id, t.name, t.partitions, t.max_message_bytes as bytes, t.revision from outbox.topic t order by t.id',
  );
  const revisions = result.rows.reduce((sum, row) => sum + BigInt(row.revision), 0n);
  return {
    revision: `${result.rows.length}.${revisions}`,
    topics: result.rows.map(({ id: topicId, name, partitions, bytes }) => ({
      topicId,
      name,
      partitions,
      messageMaxBytes: bytes,
    })),
  };
}
