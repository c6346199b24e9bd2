import type { Queryable } from '#libs/foundation/postgres';

/** The schema of a version, whether it is soft-deleted, and its time in ms since the epoch. Index: the primary key. No lock: the caller holds the subject's. */
export async function findVersionState(
  tx: Queryable,
  contextId: number,
  subject: string,
  version: number,
): Promise<{ readonly schemaId: number; readonly deleted: boolean; readonly ts: number } | undefined> {
  const result = await tx.query<{ schema_id: number; deleted: boolean; ts: number }>(
    `select v.schema_id, v.deleted_at is not null as deleted,
       floor(extract(epoch from v.created_at) * 1000)::float8 as ts from registry.subject_version v
     where v.context_id = $1 and v.subject = $2 and v.version = $3`,
    [contextId, subject, version],
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { schemaId: row.schema_id, deleted: row.deleted, ts: row.ts };
}

/** Makes a version live, with its time (undefined: as it is). Index: the primary key. Locks the row. */
export async function reviveVersion(
  tx: Queryable,
  contextId: number,
  subject: string,
  version: number,
  ts: number | undefined,
): Promise<void> {
  await tx.query(
    `update registry.subject_version v set deleted_at = null, created_at = coalesce(to_timestamp($4::float8 / 1000), created_at)
     where v.context_id = $1 and v.subject = $2 and v.version = $3`,
    [contextId, subject, version, ts ?? null],
  );
}
