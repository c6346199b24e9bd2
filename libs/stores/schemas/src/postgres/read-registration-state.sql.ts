import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { type ConfigRow, type ModeRow, type ScopeRows } from './read-scope.sql.ts';
import { type VersionRow, versionOf } from './version-row.ts';

/** Where a subject stands, and what applies to it. */
export interface RegistrationState extends ScopeRows {
  readonly contextId: number;
  /** False when the context was deleted. */
  readonly listed: boolean;
  /** The highest version, soft-deleted ones included; 0 when there is none. */
  readonly last: number;
  /** The newest live one. */
  readonly latest: StoredVersion | undefined;
}

/**
 * Undefined when there is no such context. Indexes: the primary keys of config, mode and, twice from its end, subject_version. No
 * lock: what is to stay true needs the subject's.
 */
export async function readRegistrationState(
  db: Queryable,
  { context, subject }: QualifiedSubject,
): Promise<RegistrationState | undefined> {
  const result = await db.query<StateRow>('select * from registry.registration_state($1, $2)', [context, subject]);
  return result.rows[0] === undefined ? undefined : stateOf(result.rows[0]);
}

export interface StateRow {
  readonly context_id: number;
  readonly listed: boolean;
  readonly revision: string;
  readonly last: number;
  readonly latest: VersionRow | null;
  readonly configs: ConfigRow[] | null;
  readonly modes: ModeRow[] | null;
}

export function stateOf(row: StateRow): RegistrationState {
  return {
    contextId: row.context_id,
    listed: row.listed,
    last: row.last,
    latest: row.latest === null ? undefined : versionOf(row.latest),
    configs: row.configs ?? [],
    modes: row.modes ?? [],
    revision: BigInt(row.revision),
  };
}
