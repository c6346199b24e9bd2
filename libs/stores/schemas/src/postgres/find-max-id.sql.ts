import type { Queryable } from '#libs/foundation/postgres';

/** The highest id of a context. Index: the primary key, from its end. No lock. */
export async function findMaxId(db: Queryable, contextId: number): Promise<number> {
  const result = await db.query<{ id: number }>(
    'select s.id from registry.schema s where s.context_id = $1 order by s.id desc limit 1',
    [contextId],
  );
  return result.rows[0]?.id ?? 0;
}
