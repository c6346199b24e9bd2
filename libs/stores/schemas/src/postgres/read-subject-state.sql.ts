import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

export interface SubjectState {
  /** The highest version, soft-deleted ones included; 0 when there is none. */
  readonly last: number;
  /** The newest live one. */
  readonly latest: StoredVersion | undefined;
}

/** Where a subject stands. Index: the primary key, twice from its end. No lock: the caller holds that of the subject. */
export async function readSubjectState(tx: Queryable, contextId: number, subject: string): Promise<SubjectState> {
  const result = await tx.query<{ last: number } & (VersionRow | { version: null })>(
    `select coalesce(newest.version, 0) as last, live.*
     from (values (1)) one
     left join lateral (
       select v.version from registry.subject_version v
       where v.context_id = $1 and v.subject = $2 order by v.version desc limit 1
     ) newest on true
     left join lateral (
       select ${VERSION_COLUMNS} from ${VERSION_TABLES}
       where v.context_id = $1 and v.subject = $2 and v.deleted_at is null order by v.version desc limit 1
     ) live on true`,
    [contextId, subject],
  );
  const row = result.rows[0]!;
  return { last: row.last, latest: row.version === null ? undefined : versionOf(row) };
}
