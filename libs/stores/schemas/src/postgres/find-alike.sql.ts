import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, type VersionRow, versionOf } from './version-row.ts';

/** A version that may be the one looked for. `fingerprint`: of its schema. */
export interface AlikeVersion extends StoredVersion {
  readonly fingerprint: Buffer;
}

/** What a subject has that a schema may be, and the state of things at that moment. */
export interface AlikeVersions {
  /** Newest first, soft-deleted ones included. */
  readonly versions: readonly AlikeVersion[];
  /** Grows with every change but registrations. */
  readonly revision: bigint;
  /** The highest version of the subject; 0 when there is none. Grows with every registration. */
  readonly last: number;
}

/**
 * Versions of a subject that a schema may be found by: those of the same normal form, and, for a schema without references,
 * all that have some (they may be the same with its parts inlined). Indexes: schema_likeness with subject_version_schema;
 * subject_version_referencing; the primary key from its end. No lock.
 */
export async function findAlike(
  db: Queryable,
  { context, subject }: QualifiedSubject,
  likeness: Buffer,
  orReferencing: boolean,
): Promise<AlikeVersions> {
  const result = await db.query<{ revision: string; last: number; found: VersionRow | null; fingerprint: Buffer }>(
    `with alike as (
       select v.context_id, v.subject, v.version from registry.context c
       join registry.schema s on s.context_id = c.id and s.likeness = $3
       join registry.subject_version v on v.context_id = s.context_id and v.schema_id = s.id and v.subject = $2
       where c.name = $1
       union
       select v.context_id, v.subject, v.version from registry.context c
       join registry.subject_version v on v.context_id = c.id and v.subject = $2 and v.referencing
       where c.name = $1 and $4
     ), found as (
       select ${VERSION_COLUMNS}, s.fingerprint from alike a
       join registry.subject_version v using (context_id, subject, version)
       join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
       join registry.context c on c.id = v.context_id
     )
     select r.number as revision, coalesce(newest.version, 0) as last, to_json(f) as found, f.fingerprint
     from registry.revision r
     left join lateral (
       select v.version from registry.context c join registry.subject_version v on v.context_id = c.id and v.subject = $2
       where c.name = $1 order by v.version desc limit 1
     ) newest on true
     left join found f on true
     order by f.version desc`,
    [context, subject, likeness, orReferencing],
  );
  const { revision, last } = result.rows[0]!;
  const versions = result.rows.flatMap(({ found, fingerprint }) =>
    found === null ? [] : [{ ...versionOf(found), fingerprint }],
  );
  return { versions, revision: BigInt(revision), last };
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
