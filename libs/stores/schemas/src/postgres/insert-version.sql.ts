import type { Queryable } from '#libs/foundation/postgres';

export interface NewVersion {
  readonly contextId: number;
  readonly subject: string;
  readonly version: number;
  readonly schemaId: number;
  readonly referencing: boolean;
  readonly registeredBy: string;
  /** When it was registered, ms since the epoch; undefined: now. */
  readonly ts: number | undefined;
}

/** Adds a version and returns its time, ms since the epoch. Locks the new row; the caller holds the subject's lock. */
export async function insertVersion(tx: Queryable, version: NewVersion): Promise<number> {
  const result = await tx.query<{ ts: number }>(
    `insert into registry.subject_version (context_id, subject, version, schema_id, referencing, registered_by, created_at)
     values ($1, $2, $3, $4, $5, $6, coalesce(to_timestamp($7::float8 / 1000), now()))
     returning floor(extract(epoch from created_at) * 1000)::float8 as ts`,
    [
      version.contextId,
      version.subject,
      version.version,
      version.schemaId,
      version.referencing,
      version.registeredBy,
      version.ts ?? null,
    ],
  );
  return result.rows[0]!.ts;
}
