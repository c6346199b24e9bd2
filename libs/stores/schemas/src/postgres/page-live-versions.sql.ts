import type { Queryable } from '#libs/foundation/postgres';
import type { StoredVersion } from '../stored-schema.ts';
import { type VersionRow, versionOf } from './version-row.ts';

/** Live versions in one page; the first one has a single version, since most questions end there. */
const PAGE_VERSIONS = 50;

/**
 * The live versions of a subject, newest first, read as far as they are asked for; `latest` when that is known already, and
 * only versions between `after` and `before` when they are given. Index: the primary key. No lock.
 */
export async function* liveVersions(
  db: Queryable,
  context: string,
  subject: string,
  {
    latest,
    after = null,
    before: end = null,
  }: { latest?: StoredVersion; after?: number | null; before?: number | null } = {},
): AsyncGenerator<readonly StoredVersion[], void> {
  if (latest !== undefined) yield [latest];
  let before: number | null = latest?.version ?? end;
  for (let limit = latest === undefined ? 1 : PAGE_VERSIONS; ; limit = PAGE_VERSIONS) {
    const { rows }: { rows: VersionRow[] } = await db.query<VersionRow>(
      'select * from registry.live_versions($1, $2, $3, $4, $5)',
      [context, subject, after, before, limit],
    );
    if (rows.length === 0) return;
    yield rows.map(versionOf);
    if (rows.length < limit) return;
    before = rows.at(-1)!.version;
  }
}
