import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, type VersionRow, versionOf } from './version-row.ts';

/** A version that may be the one looked for. `fingerprint`: of its schema. */
export interface AlikeVersion extends StoredVersion {
  readonly fingerprint: Buffer;
}

/**
 * Versions of a subject that a schema may be found by: those of the same normal form, and, for a schema without references,
 * all that have some (they may be the same with its parts inlined). Newest first, soft-deleted ones included.
 * Indexes: schema_likeness with subject_version_schema; subject_version_referencing. No lock.
 */
export async function findAlike(
  db: Queryable,
  context: string,
  subject: string,
  likeness: Buffer,
  orReferencing: boolean,
): Promise<AlikeVersion[]> {
  const result = await db.query<VersionRow & { fingerprint: Buffer }>(
    `with alike as (
       select v.context_id, v.subject, v.version from registry.context c
       join registry.schema s on s.context_id = c.id and s.likeness = $3
       join registry.subject_version v on v.context_id = s.context_id and v.schema_id = s.id and v.subject = $2
       where c.name = $1
       union
       select v.context_id, v.subject, v.version from registry.context c
       join registry.subject_version v on v.context_id = c.id and v.subject = $2 and v.referencing
       where c.name = $1 and $4
     )
     select ${VERSION_COLUMNS}, s.fingerprint from alike a
     join registry.subject_version v using (context_id, subject, version)
     join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
     join registry.context c on c.id = v.context_id
     order by v.version desc`,
    [context, subject, likeness, orReferencing],
  );
  return result.rows.map((row) => ({ ...versionOf(row), fingerprint: row.fingerprint }));
}

/** The contexts, by name, where a subject has versions. Index: one probe of the primary key per context. No lock. */
export async function listContextsOfSubject(db: Queryable, subject: string): Promise<string[]> {
  const result = await db.query<{ name: string }>(
    `select c.name from registry.context c
     where exists (select from registry.subject_version v where v.context_id = c.id and v.subject = $1) order by c.name`,
    [subject],
  );
  return result.rows.map((row) => row.name);
}
