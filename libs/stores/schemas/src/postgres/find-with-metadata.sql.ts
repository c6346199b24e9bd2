import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/** The newest version whose metadata has all these properties. Index: the primary key, from its end. No lock. */
export async function findLatestWithMetadata(
  db: Queryable,
  { context, subject }: QualifiedSubject,
  properties: Readonly<Record<string, string>>,
  deleted: boolean,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select ${VERSION_COLUMNS} from ${VERSION_TABLES}
     where c.name = $1 and v.subject = $2 and (v.deleted_at is null or $4)
       and coalesce(s.metadata -> 'properties', '{}') @> $3::jsonb
     order by v.version desc limit 1`,
    [context, subject, JSON.stringify(properties), deleted],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}
