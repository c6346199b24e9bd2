import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/** One version of a subject, soft-deleted or not. Indexes: the primary keys. No lock. */
export async function findVersion(
  db: Queryable,
  context: string,
  subject: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select ${VERSION_COLUMNS} from ${VERSION_TABLES} where c.name = $1 and v.subject = $2 and v.version = $3`,
    [context, subject, version],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}

/** The newest live version of a subject. Index: the primary key, from its end. No lock. */
export async function findLatestVersion(
  db: Queryable,
  context: string,
  subject: string,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select ${VERSION_COLUMNS} from ${VERSION_TABLES}
     where c.name = $1 and v.subject = $2 and v.deleted_at is null order by v.version desc limit 1`,
    [context, subject],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}
