import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { ConfigRecord, Mode } from '../registry.ts';

const COLUMNS = {
  alias: 'alias',
  aliasForDeks: 'alias_for_deks',
  normalize: 'normalize',
  validateFields: 'validate_fields',
  validateNewSchemas: 'validate_new_schemas',
  validateRules: 'validate_rules',
  compatibilityLevel: 'compatibility_level',
  compatibilityPolicy: 'compatibility_policy',
  compatibilityGroup: 'compatibility_group',
  defaultMetadata: 'default_metadata',
  overrideMetadata: 'override_metadata',
  defaultRuleSet: 'default_rule_set',
  overrideRuleSet: 'override_rule_set',
} as const satisfies Record<keyof ConfigRecord, string>;

const FIELDS = Object.keys(COLUMNS) as (keyof ConfigRecord)[];
const NAMES = FIELDS.map((field) => COLUMNS[field]);

/** Puts a config in the place of the one that is there. Index: the primary key. Locks the row. */
export async function writeConfig(
  tx: Queryable,
  { context, subject }: QualifiedSubject,
  config: ConfigRecord,
): Promise<void> {
  const values = FIELDS.map((field) => {
    const value = config[field];
    return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
  });
  await tx.query(
    `insert into registry.config (context, subject, ${NAMES.join(', ')})
     values ($1, $2, ${NAMES.map((_, index) => `$${index + 3}`).join(', ')})
     on conflict (context, subject) do update set ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [context, subject, ...values],
  );
}

/** Index: the primary key. Locks the row. */
export async function removeConfig(tx: Queryable, { context, subject }: QualifiedSubject): Promise<void> {
  await tx.query('delete from registry.config f where f.context = $1 and f.subject = $2', [context, subject]);
}

/** Puts a mode in the place of the one that is there. Index: the primary key. Locks the row. */
export async function writeMode(tx: Queryable, { context, subject }: QualifiedSubject, mode: Mode): Promise<void> {
  await tx.query(
    `insert into registry.mode (context, subject, mode) values ($1, $2, $3)
     on conflict (context, subject) do update set mode = excluded.mode`,
    [context, subject, mode],
  );
}

/** Index: the primary key. Locks the row. */
export async function removeMode(tx: Queryable, { context, subject }: QualifiedSubject): Promise<void> {
  await tx.query('delete from registry.mode m where m.context = $1 and m.subject = $2', [context, subject]);
}

/** Removes the modes of the subjects of a context, not its own. Index: the primary key. Locks the rows. */
export async function removeModesOfSubjects(tx: Queryable, context: string): Promise<void> {
  await tx.query(`delete from registry.mode m where m.context = $1 and m.subject <> ''`, [context]);
}
