import type { Queryable } from '#libs/foundation/postgres';

/** Marks versions as deleted. Index: the primary key. Locks the rows; the caller holds the subject's lock. */
export async function softDelete(
  tx: Queryable,
  contextId: number,
  subject: string,
  versions: readonly number[],
): Promise<void> {
  await tx.query(
    `update registry.subject_version v set deleted_at = clock_timestamp()
     where v.context_id = $1 and v.subject = $2 and v.version = any($3::integer[]) and v.deleted_at is null`,
    [contextId, subject, versions],
  );
}

/**
 * Removes versions and returns the ids of their schemas, ascending. Index: the primary key. Locks the rows; the caller holds
 * the subject's lock.
 */
export async function removeVersions(
  tx: Queryable,
  contextId: number,
  subject: string,
  versions: readonly number[],
): Promise<number[]> {
  const result = await tx.query<{ id: number }>(
    `with gone as (
       delete from registry.subject_version v
       where v.context_id = $1 and v.subject = $2 and v.version = any($3::integer[]) returning v.schema_id
     )
     select distinct g.schema_id as id from gone g order by id`,
    [contextId, subject, versions],
  );
  return result.rows.map((row) => row.id);
}

/**
 * Takes schemas for deletion. Locks the rows in ascending order, waiting for those who are about to use them; whether somebody
 * does is a question for a later statement. Index: the primary key.
 */
export async function lockSchemas(tx: Queryable, contextId: number, ids: readonly number[]): Promise<void> {
  await tx.query(
    'select from registry.schema s where s.context_id = $1 and s.id = any($2::integer[]) order by s.id for update',
    [contextId, ids],
  );
}

/** Removes those of the schemas that no version uses. Indexes: the primary key, subject_version_schema. Locks the rows. */
export async function removeUnusedSchemas(tx: Queryable, contextId: number, ids: readonly number[]): Promise<void> {
  await tx.query(
    `delete from registry.schema s
     where s.context_id = $1 and s.id = any($2::integer[])
       and not exists (
         select from registry.subject_version v where v.context_id = s.context_id and v.schema_id = s.id)`,
    [contextId, ids],
  );
}
