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

/** Every context, ascending. Reads registry.context whole. No lock. */
export async function listContextIds(db: Queryable): Promise<number[]> {
  const result = await db.query<{ id: number }>('select c.id from registry.context c order by c.id');
  return result.rows.map((row) => row.id);
}

/** Whether a context has versions, soft-deleted ones included. Index: the primary key of subject_version. No lock. */
export async function hasVersions(db: Queryable, contextId: number): Promise<boolean> {
  const result = await db.query<{ found: boolean }>(
    'select exists (select from registry.subject_version v where v.context_id = $1) as found',
    [contextId],
  );
  return result.rows[0]!.found;
}

/** Takes a context out of the listing and removes its settings and those of its subjects. Locks the rows. */
export async function unlistContext(tx: Queryable, contextId: number): Promise<void> {
  await tx.query(
    `with unlisted as (
       update registry.context c set listed = false where c.id = $1 and c.name <> '.' returning c.name
     ), configs as (
       delete from registry.config f using unlisted u where f.context = u.name
     )
     delete from registry.mode m using unlisted u where m.context = u.name`,
    [contextId],
  );
}
