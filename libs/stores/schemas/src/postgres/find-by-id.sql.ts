import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/**
 * The schema with an id of a context, as the version that shows it best: one of the subject given, a live one, the newest.
 * Index: subject_version_schema. No lock.
 */
export async function findById(
  db: Queryable,
  context: string,
  id: number,
  subject: string,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select ${VERSION_COLUMNS} from ${VERSION_TABLES}
     where c.name = $1 and v.schema_id = $2
     order by v.subject = $3 desc, v.deleted_at is null desc, v.subject, v.version desc limit 1`,
    [context, id, subject],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}

/**
 * The schema with an id in the first context, by name, where the subject has it. Indexes: one probe of
 * subject_version_schema per context. No lock.
 */
export async function findByIdElsewhere(
  db: Queryable,
  id: number,
  subject: string,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select found.* from registry.context other
     cross join lateral (
       select ${VERSION_COLUMNS} from ${VERSION_TABLES}
       where v.context_id = other.id and v.schema_id = $1 and v.subject = $2
       order by v.deleted_at is null desc, v.version desc limit 1
     ) found
     order by other.name limit 1`,
    [id, subject],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}
