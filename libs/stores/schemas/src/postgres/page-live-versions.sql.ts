import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/** Live versions in one page; the first one has a single version, since most questions end there. */
const PAGE_VERSIONS = 50;

/**
 * The live versions of a subject, newest first, read as far as they are asked for; `latest` when that is known already.
 * Index: the primary key. No lock.
 */
export async function* liveVersions(
  db: Queryable,
  context: string,
  subject: string,
  latest?: StoredVersion,
): AsyncGenerator<readonly StoredVersion[], void> {
  if (latest !== undefined) yield [latest];
  let before: number | null = latest?.version ?? null;
  for (let limit = before === null ? 1 : PAGE_VERSIONS; ; limit = PAGE_VERSIONS) {
    const { rows }: { rows: VersionRow[] } = await db.query<VersionRow>(
      `select ${VERSION_COLUMNS} from ${VERSION_TABLES}
       where c.name = $1 and v.subject = $2 and v.deleted_at is null and ($3::integer is null or v.version < $3)
       order by v.version desc limit $4`,
      [context, subject, before, limit],
    );
    if (rows.length === 0) return;
    yield rows.map(versionOf);
    before = rows.at(-1)!.version;
  }
}
