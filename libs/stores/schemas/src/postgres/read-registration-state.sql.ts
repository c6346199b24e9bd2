import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { type ConfigRow, type ModeRow, SCOPE_COLUMNS, type ScopeRows } from './read-scope.sql.ts';
import { VERSION_COLUMNS, VERSION_TABLES, type VersionRow, versionOf } from './version-row.ts';

/** Where a subject stands, and what applies to it. */
export interface RegistrationState extends ScopeRows {
  /** False when the context was deleted. */
  readonly listed: boolean;
  /** The highest version, soft-deleted ones included; 0 when there is none. */
  readonly last: number;
  /** The newest live one. */
  readonly latest: StoredVersion | undefined;
}

/** Indexes: the primary keys of config, mode and, twice from its end, subject_version. No lock: the caller holds the subject's. */
export async function readRegistrationState(
  tx: Queryable,
  contextId: number,
  { context, subject }: QualifiedSubject,
): Promise<RegistrationState> {
  const result = await tx.query<{
    listed: boolean;
    last: number;
    latest: VersionRow | null;
    configs: ConfigRow[] | null;
    modes: ModeRow[] | null;
    revision: string;
  }>(
    `select own.listed, coalesce(newest.version, 0) as last, to_json(live) as latest, ${SCOPE_COLUMNS}
     from registry.context own
     left join lateral (
       select v.version from registry.subject_version v
       where v.context_id = $3 and v.subject = $2 order by v.version desc limit 1
     ) newest on true
     left join lateral (
       select ${VERSION_COLUMNS} from ${VERSION_TABLES}
       where v.context_id = $3 and v.subject = $2 and v.deleted_at is null order by v.version desc limit 1
     ) live on true
     where own.id = $3 and own.name = $1`,
    [context, subject, contextId],
  );
  const { listed, last, latest, configs, modes, revision } = result.rows[0]!;
  return {
    listed,
    last,
    latest: latest === null ? undefined : versionOf(latest),
    configs: configs ?? [],
    modes: modes ?? [],
    revision: BigInt(revision),
  };
}
