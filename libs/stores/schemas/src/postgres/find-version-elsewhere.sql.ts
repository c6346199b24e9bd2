import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/**
 * A subject's version in the first context, by name, that has it: what an unqualified read falls through to. `version`
 * undefined: the newest live one. Indexes: one probe of the primary key per context. No lock.
 */
export async function findVersionElsewhere(
  db: Queryable,
  subject: string,
  version: number | undefined,
  deleted: boolean,
): Promise<StoredVersion | undefined> {
  const result = await db.query<VersionRow>(
    `select found.* from registry.context other
     cross join lateral (
       select ${VERSION_COLUMNS} from ${VERSION_TABLES}
       where v.context_id = other.id and v.subject = $1 and (v.version = $2 or $2::integer is null)
         and (v.deleted_at is null or $3 and $2::integer is not null)
       order by v.version desc limit 1
     ) found
     order by other.name limit 1`,
    [subject, version ?? null, deleted],
  );
  return result.rows[0] === undefined ? undefined : versionOf(result.rows[0]);
}
