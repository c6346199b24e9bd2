import type { Queryable } from '#libs/foundation/postgres';

const SAMPLE_ROWS = 100_000;
const NAMES_MAX = 20;

/**
 * Topics that rows of the table go to and that do not exist, at most 20; null stands for rows without a topic. Looks at
 * the first 100,000 rows as they lie on disk, so that a large table does not hold planning up. Locks: ACCESS SHARE.
 */
export async function findMissingTopics(db: Queryable, table: string, topicSql: string): Promise<(string | null)[]> {
  const { rows } = await db.query<{ topic: string | null }>(/* sql */ `
    select distinct x.topic
    from (select ${topicSql} as topic from ${table} r limit ${SAMPLE_ROWS}) x
    where not exists (select from outbox.topic t where t.name = x.topic)
    order by x.topic limit ${NAMES_MAX}`);
  return rows.map((row) => row.topic);
}
