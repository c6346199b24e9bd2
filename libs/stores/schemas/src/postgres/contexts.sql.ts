import type { Queryable } from '#libs/foundation/postgres';

/** The id of a context, making it when it is missing. Locks: the new row; two that make one context take turns. */
export async function requireContext(tx: Queryable, context: string): Promise<number> {
  const result = await tx.query<{ id: number }>('select registry.require_context($1) as id', [context]);
  return result.rows[0]!.id;
}

/** Index: context(name). No lock. */
export async function findContextId(db: Queryable, context: string): Promise<number | undefined> {
  const result = await db.query<{ id: number }>('select c.id from registry.context c where c.name = $1', [context]);
  return result.rows[0]?.id;
}
