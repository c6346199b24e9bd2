import type { Queryable } from '#libs/foundation/postgres';
import type { KnownTopic } from '../plan-rebalance.ts';

/** Those of the topics that exist, with their present number of partitions. Index: outbox.topic(name). Locks: none. */
export async function readTopics(tx: Queryable, names: readonly string[]): Promise<KnownTopic[]> {
  const result = await tx.query<{ id: number; name: string; partitions: number }>(
    'select t.id, t.name, t.partitions from outbox.topic t where t.name = any($1::text[]) order by t.name',
    [names],
  );
  return result.rows.map((row) => ({ topicId: row.id, topic: row.name, partitions: row.partitions }));
}
