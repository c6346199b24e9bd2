import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { StoredVersion } from '../stored-schema.ts';
import type { SeenState } from './register-version.sql.ts';
import { type VersionRow, versionOf } from './version-row.ts';

/** A version that may be the one looked for. `fingerprint`: of its schema. */
export interface AlikeVersion extends StoredVersion {
  readonly fingerprint: Buffer;
}

/** What a subject has that a schema may be, and the state of things at that moment. */
export interface AlikeVersions extends SeenState {
  /** Newest first, soft-deleted ones included. */
  readonly versions: readonly AlikeVersion[];
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
  const result = await db.query<AlikeRow>('select * from registry.find_alike($1, $2, $3, $4)', [
    context,
    subject,
    likeness,
    orReferencing,
  ]);
  return alikeIn(result.rows);
}

/** What find_alike and what is built on it answer with. */
export interface AlikeRow {
  readonly revision: string;
  readonly last: number;
  readonly found: VersionRow | null;
  readonly fingerprint: Buffer;
}

export function alikeIn(rows: readonly AlikeRow[]): AlikeVersions {
  const { revision, last } = rows[0]!;
  const versions = rows.flatMap(({ found, fingerprint }) =>
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
