import { createHash, type Hash } from 'node:crypto';
import type { Metadata } from './metadata.ts';
import type { Rule, RuleSet } from './rule-set.ts';
import type { SchemaReference } from './schema-reference.ts';

/** What makes two schemas the same to the registry. `schemaType` is deliberately not a part of it (Confluent behaviour). */
export interface Identity {
  readonly canonicalText: string;
  readonly references: readonly SchemaReference[];
  readonly metadata?: Metadata | null;
  readonly ruleSet?: RuleSet | null;
}

const MARK = Buffer.of(1);

/** The 16 bytes that identify a schema within a context: MD5 over the parts in the order that Confluent hashes them. */
export function fingerprint({ canonicalText, references, metadata, ruleSet }: Identity): Buffer {
  const hash = createHash('md5');
  hash.update(canonicalText, 'utf8');
  for (const { name, subject, version } of references) {
    const number = Buffer.alloc(4);
    number.writeInt32BE(version);
    hash.update(name, 'utf8').update(subject, 'utf8').update(number);
  }
  if (metadata) hashMetadata(hash, metadata);
  if (ruleSet) {
    hash.update(MARK);
    for (const rules of [ruleSet.migrationRules, ruleSet.domainRules, ruleSet.encodingRules]) {
      for (const rule of rules ?? []) hashRule(hash, rule);
    }
    text(hash, ruleSet.enableAt);
  }
  return hash.digest();
}

/** The fingerprint as the public guid of the schema: its 16 bytes printed as a UUID. */
export function guidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function hashMetadata(hash: Hash, { tags, properties, sensitive }: Metadata): void {
  hash.update(MARK);
  for (const [key, values] of sortedEntries(tags ?? {})) {
    text(hash, key);
    for (const value of [...values].sort(byCodeUnit)) text(hash, value);
  }
  for (const [key, value] of sortedEntries(properties ?? {})) {
    text(hash, key);
    text(hash, value);
  }
  for (const name of [...(sensitive ?? [])].sort(byCodeUnit)) text(hash, name);
}

function hashRule(hash: Hash, rule: Rule): void {
  for (const part of [rule.name, rule.doc, rule.kind, rule.mode, rule.type]) text(hash, part);
  for (const tag of [...(rule.tags ?? [])].sort(byCodeUnit)) text(hash, tag);
  for (const [key, value] of sortedEntries(rule.params ?? {})) {
    text(hash, key);
    text(hash, value);
  }
  for (const part of [rule.expr, rule.onSuccess, rule.onFailure]) text(hash, part);
  if (rule.disabled === true) hash.update(MARK);
}

function text(hash: Hash, value: string | null | undefined): void {
  if (value !== null && value !== undefined) hash.update(value, 'utf8');
}

/** Java's order of strings: by UTF-16 code unit, which is JavaScript's own. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedEntries<V>(record: Readonly<Record<string, V>>): [string, V][] {
  return Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b));
}
