import type { Queryable } from '#libs/foundation/postgres';

/** The schema of a version and whether it is soft-deleted. Index: the primary key. No lock: the caller holds the subject's. */
export async function findVersionState(
  tx: Queryable,
  contextId: number,
  subject: string,
  version: number,
): Promise<{ readonly schemaId: number; readonly deleted: boolean } | undefined> {
  const result = await tx.query<{ schema_id: number; deleted: boolean }>(
    `select v.schema_id, v.deleted_at is not null as deleted from registry.subject_version v
     where v.context_id = $1 and v.subject = $2 and v.version = $3`,
    [contextId, subject, version],
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { schemaId: row.schema_id, deleted: row.deleted };
}

/** Makes a soft-deleted version live again. Index: the primary key. Locks the row. */
export async function reviveVersion(tx: Queryable, contextId: number, subject: string, version: number): Promise<void> {
  await tx.query(
    `update registry.subject_version v set deleted_at = null
     where v.context_id = $1 and v.subject = $2 and v.version = $3`,
    [contextId, subject, version],
  );
}

/**
 * Removes the soft-deleted versions of a subject that a newer one with the same schema takes the place of, except those that
 * something refers to. Index: subject_version_schema, schema_reference_target. Locks the rows it deletes.
 */
export async function buryReplacedVersions(
  tx: Queryable,
  contextId: number,
  subject: string,
  schemaId: number,
  newVersion: number,
): Promise<void> {
  await tx.query(
    `delete from registry.subject_version v
     where v.context_id = $1 and v.subject = $2 and v.schema_id = $3 and v.version <> $4 and v.deleted_at is not null
       and not exists (
         select from registry.schema_reference r
         where r.target_context_id = v.context_id and r.target_subject = v.subject and r.target_version = v.version)`,
    [contextId, subject, schemaId, newVersion],
  );
}
