import type { Metadata, Rule, RuleSet, SchemaReference } from '#libs/formats/schema';
import { parseSubject, printSubject } from '../names/qualified-subject.ts';
import type { SubjectVersion } from '../registry.ts';
import type { StoredSchema, StoredVersion } from '../stored-schema.ts';

/** A stored version as clients get it, with its text in the format that was asked for. */
export function present(stored: StoredVersion, text: string, referenceFormat = ''): SubjectVersion {
  return {
    subject: printSubject(stored),
    version: stored.version,
    id: stored.id,
    guid: stored.guid,
    schemaType: stored.type,
    references: referencesIn(stored, referenceFormat),
    metadata: stored.metadata === null ? null : inOrder(stored.metadata),
    ruleSet: stored.ruleSet === null ? null : ruleSetInOrder(stored.ruleSet),
    schema: text,
    ts: stored.ts,
    deleted: stored.deleted,
  };
}

/** `qualified` prints the contexts of references; anything else leaves them as registered. */
function referencesIn(stored: StoredSchema, referenceFormat: string): readonly SchemaReference[] {
  if (referenceFormat !== 'qualified') return stored.references;
  return stored.references.map((reference) => ({
    ...reference,
    subject: printSubject(parseSubject(reference.subject, stored.context)),
  }));
}

/** Postgres does not keep the order of keys; Confluent sorts them. */
function inOrder(metadata: Metadata): Metadata {
  return {
    ...(metadata.tags === undefined ? {} : { tags: sorted(metadata.tags) }),
    ...(metadata.properties === undefined ? {} : { properties: sorted(metadata.properties) }),
    ...(metadata.sensitive === undefined ? {} : { sensitive: [...metadata.sensitive] }),
  };
}

function ruleSetInOrder(ruleSet: RuleSet): RuleSet {
  const { migrationRules, domainRules, encodingRules, enableAt } = ruleSet;
  return {
    ...(migrationRules === undefined ? {} : { migrationRules: migrationRules.map(ruleInOrder) }),
    ...(domainRules === undefined ? {} : { domainRules: domainRules.map(ruleInOrder) }),
    ...(encodingRules === undefined ? {} : { encodingRules: encodingRules.map(ruleInOrder) }),
    ...(enableAt === undefined ? {} : { enableAt }),
  };
}

const RULE_KEYS = [
  'name',
  'doc',
  'kind',
  'mode',
  'type',
  'tags',
  'params',
  'expr',
  'onSuccess',
  'onFailure',
  'disabled',
] as const satisfies readonly (keyof Rule)[];

function ruleInOrder(rule: Rule): Rule {
  const entries = RULE_KEYS.filter((key) => rule[key] !== undefined).map((key) => [
    key,
    key === 'params' ? sorted(rule.params ?? {}) : rule[key],
  ]);
  return Object.fromEntries(entries) as Rule;
}

function sorted<V>(record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
