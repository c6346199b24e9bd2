import type { Queryable } from '#libs/foundation/postgres';

/** Names of all topics. Reads outbox.topic whole; locks nothing. */
export async function topicNames(db: Queryable): Promise<string[]> {
  const result = await db.query<{ name: string }>('select t.name from outbox.topic t order by t.name');
  return result.rows.map(({ name }) => name);
}
