import type { Queryable } from '#libs/foundation/postgres';

/** Those of the ids (uuids) that a topic has messages of. Indexes: topic(name), message_id of each partition. Locks: none. */
export async function knownMessages(
  db: Queryable,
  topic: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const result = await db.query<{ id: string }>(
    `select distinct m.message_id::text as id
     from outbox.message m
     where m.message_id = any($2::uuid[]) and m.topic_id = (select t.id from outbox.topic t where t.name = $1)`,
    [topic, `{${messageIds.join(',')}}`],
  );
  return new Set(result.rows.map(({ id }) => id));
}
