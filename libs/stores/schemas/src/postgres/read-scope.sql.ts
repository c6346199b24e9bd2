import type { Queryable } from '#libs/foundation/postgres';
import type { Metadata, RuleSet } from '#libs/formats/schema';
import { GLOBAL_CONTEXT } from '../names/qualified-subject.ts';
import type { ConfigRecord, Mode } from '../registry.ts';

/** A row of registry.config as JSON. */
export interface ConfigRow {
  readonly context: string;
  readonly subject: string;
  readonly alias: string | null;
  readonly alias_for_deks: string | null;
  readonly normalize: boolean | null;
  readonly validate_fields: boolean | null;
  readonly validate_new_schemas: boolean | null;
  readonly validate_rules: boolean | null;
  readonly compatibility_level: string | null;
  readonly compatibility_policy: string | null;
  readonly compatibility_group: string | null;
  readonly default_metadata: Metadata | null;
  readonly override_metadata: Metadata | null;
  readonly default_rule_set: RuleSet | null;
  readonly override_rule_set: RuleSet | null;
}
export interface ModeRow {
  readonly context: string;
  readonly subject: string;
  readonly mode: Mode;
}

/** Everything that is set at the places that count for a subject, and the revision it is of. */
export interface ScopeRows {
  readonly configs: readonly ConfigRow[];
  readonly modes: readonly ModeRow[];
  readonly revision: bigint;
}

/** What is set for the subject $2 of the context $1. */
export const SCOPE_COLUMNS = `
  (select json_agg(to_json(f)) from registry.config f
   where (f.context, f.subject) in (($1, $2), ($1, ''), ('${GLOBAL_CONTEXT}', ''))) as configs,
  (select json_agg(to_json(m)) from registry.mode m
   where (m.context, m.subject) in (($1, $2), ($1, ''), ('${GLOBAL_CONTEXT}', ''))) as modes,
  (select r.number from registry.revision r) as revision`;

/** Indexes: the primary keys of config and mode, three probes each. No lock. */
export async function readScope(db: Queryable, context: string, subject: string): Promise<ScopeRows> {
  const result = await db.query<{ configs: ConfigRow[] | null; modes: ModeRow[] | null; revision: string }>(
    `select ${SCOPE_COLUMNS}`,
    [context, subject],
  );
  const row = result.rows[0]!;
  return { configs: row.configs ?? [], modes: row.modes ?? [], revision: BigInt(row.revision) };
}

export function configOf(row: ConfigRow): ConfigRecord {
  const record = {
    alias: row.alias,
    aliasForDeks: row.alias_for_deks,
    normalize: row.normalize,
    validateFields: row.validate_fields,
    validateNewSchemas: row.validate_new_schemas,
    validateRules: row.validate_rules,
    compatibilityLevel: row.compatibility_level,
    compatibilityPolicy: row.compatibility_policy,
    compatibilityGroup: row.compatibility_group,
    defaultMetadata: row.default_metadata,
    overrideMetadata: row.override_metadata,
    defaultRuleSet: row.default_rule_set,
    overrideRuleSet: row.override_rule_set,
  };
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as ConfigRecord;
}
