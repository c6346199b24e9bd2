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
