import type { Metadata, Rule, RuleSet } from '#libs/formats/schema';
import { invalidRuleSet, invalidSchema } from '../refusals.ts';

/** Bytes of metadata, and of a rule set. */
const JSON_BYTES_MAX = 262_144;

/** Metadata without explicit nulls, which clients send and which identity does not count. Throws 42201. */
export function tidyMetadata(metadata: Metadata | null | undefined): Metadata | null {
  if (metadata === null || metadata === undefined) return null;
  const { tags, properties, sensitive } = metadata;
  const tidy = withoutNulls({
    tags: tags && eachInOrder(tags),
    properties,
    sensitive: sensitive && inOrder(sensitive),
  });
  checkSize(tidy, 'The metadata', invalidSchema);
  return tidy;
}

/** A rule set without explicit nulls. Throws 42210 when it is too large. */
export function tidyRuleSet(ruleSet: RuleSet | null | undefined): RuleSet | null {
  if (ruleSet === null || ruleSet === undefined) return null;
  const tidyRules = (rules: readonly Rule[] | null | undefined) => rules?.map(tidyRule);
  const tidy = withoutNulls({
    migrationRules: tidyRules(ruleSet.migrationRules),
    domainRules: tidyRules(ruleSet.domainRules),
    encodingRules: tidyRules(ruleSet.encodingRules),
    enableAt: ruleSet.enableAt,
  });
  checkSize(tidy, 'The rule set', invalidRuleSet);
  return tidy;
}

function tidyRule(rule: Rule): Rule {
  const tidy = withoutNulls(rule);
  return tidy.tags === undefined ? tidy : { ...tidy, tags: inOrder(tidy.tags) };
}

/** Tags and the names of secrets are sets: their order and repetitions say nothing, so they are no part of the identity. */
function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function eachInOrder(tags: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(tags).map(([key, names]) => [key, inOrder(names)]));
}

function withoutNulls<T extends object>(record: T): T {
  const entries = Object.entries(record).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as T;
}

function checkSize(value: object, what: string, refuse: (message: string) => Error): void {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > JSON_BYTES_MAX) throw refuse(`${what} is larger than ${JSON_BYTES_MAX} bytes`);
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw refuse(`${what} has a NUL character`);
}
