import type { Queryable } from '#libs/foundation/postgres';
import { parseSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { configOf, readScope, type ScopeRows } from '../postgres/read-scope.sql.ts';
import type { ConfigRecord, Mode } from '../registry.ts';
import { configInScope, modeInScope, type Scope, scopeOf, type ServerDefaults } from './scope.ts';

/** What applies to a subject at one moment. */
export interface Settings {
  readonly scope: Scope;
  readonly config: ConfigRecord;
  readonly mode: Mode;
  readonly revision: bigint;
}

/** Reads what is set for a subject, straight from Postgres. */
export async function readSettings(
  db: Queryable,
  subject: QualifiedSubject,
  defaults: ServerDefaults,
): Promise<Settings> {
  return settingsOf(subject, await readScope(db, subject.context, subject.subject), defaults);
}

/** What rows of settings mean for a subject. */
export function settingsOf(subject: QualifiedSubject, rows: ScopeRows, defaults: ServerDefaults): Settings {
  const scope = scopeOf(
    subject,
    rows.configs.map((row) => ({ context: row.context, subject: row.subject, config: configOf(row) })),
    rows.modes,
  );
  return {
    scope,
    config: configInScope(scope, defaults),
    mode: modeInScope(scope, defaults),
    revision: rows.revision,
  };
}

/** The subject that an alias stands for; the subject itself where there is none. One step only. */
export function withoutAliasOf(subject: QualifiedSubject, { scope }: Settings): QualifiedSubject {
  const alias = scope.subject.config?.alias;
  return alias === undefined || alias === '' ? subject : parseSubject(alias, subject.context);
}
