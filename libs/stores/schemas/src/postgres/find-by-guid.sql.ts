import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/** A schema by its guid, from the first context that has it. Indexes: schema_guid, subject_version_schema. No lock. */
export async function findByGuid(db: Queryable, guid: string): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select ${VERSION_COLUMNS} from ${VERSION_TABLES} where s.guid = $1::uuid
     order by c.name, s.id, v.deleted_at is null desc, v.subject, v.version desc limit 1`,
    [guid],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}
