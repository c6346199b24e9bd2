import type { Queryable } from '#libs/foundation/postgres';

/** Whether contexts, or one subject in them, have live versions. Index: the primary key. No lock: the scope is held. */
export async function findLiveVersion(
  tx: Queryable,
  contextIds: readonly number[],
  subject: string | null,
): Promise<boolean> {
  const result = await tx.query<{ found: boolean }>(
    `select exists (
       select from registry.subject_version v
       where v.context_id = any($1::integer[]) and ($2::text is null or v.subject = $2) and v.deleted_at is null
     ) as found`,
    [contextIds, subject],
  );
  return result.rows[0]!.found;
}

/**
 * Removes the soft-deleted versions of contexts, or of one subject in them, that nothing refers to, and the schemas that
 * nothing uses then. Index: the primary keys, subject_version_schema, schema_reference_target. Locks the rows: those who
 * change them are kept away by the locks of the scope, except a subject of another one that uses the same schema, which is
 * waited for.
 */
export async function removeSoftDeleted(
  tx: Queryable,
  contextIds: readonly number[],
  subject: string | null,
): Promise<void> {
  const gone = await tx.query<{ context_id: number; schema_id: number }>(
    `with gone as (
       delete from registry.subject_version v
       where v.context_id = any($1::integer[]) and ($2::text is null or v.subject = $2) and v.deleted_at is not null
         and not exists (
           select from registry.schema_reference r
           where r.target_context_id = v.context_id and r.target_subject = v.subject and r.target_version = v.version)
       returning v.context_id, v.schema_id
     )
     select distinct g.context_id, g.schema_id from gone g order by 1, 2`,
    [contextIds, subject],
  );
  const contexts = gone.rows.map((row) => row.context_id);
  const schemas = gone.rows.map((row) => row.schema_id);
  await tx.query(
    `select from registry.schema s
     where (s.context_id, s.id) in (select * from unnest($1::integer[], $2::integer[])) order by s.context_id, s.id for update`,
    [contexts, schemas],
  );
  await tx.query(
    `delete from registry.schema s
     where (s.context_id, s.id) in (select * from unnest($1::integer[], $2::integer[]))
       and not exists (
         select from registry.subject_version v where v.context_id = s.context_id and v.schema_id = s.id)`,
    [contexts, schemas],
  );
}
