import type { Metadata, Rule, RuleSet } from '#libs/formats/schema';
import { invalidRuleSet, invalidSchema } from '../refusals.ts';

/** Bytes of metadata, and of a rule set. */
const JSON_BYTES_MAX = 262_144;

/** Metadata without explicit nulls, which clients send and which identity does not count. Throws 42201. */
export function tidyMetadata(metadata: Metadata | null | undefined): Metadata | null {
  if (metadata === null || metadata === undefined) return null;
  const tidy = withoutNulls({ tags: metadata.tags, properties: metadata.properties, sensitive: metadata.sensitive });
  checkSize(tidy, 'The metadata', invalidSchema);
  return tidy;
}

/** A rule set without explicit nulls. Throws 42210 when it is too large. */
export function tidyRuleSet(ruleSet: RuleSet | null | undefined): RuleSet | null {
  if (ruleSet === null || ruleSet === undefined) return null;
  const tidyRules = (rules: readonly Rule[] | null | undefined) => rules?.map((rule) => withoutNulls(rule));
  const tidy = withoutNulls({
    migrationRules: tidyRules(ruleSet.migrationRules),
    domainRules: tidyRules(ruleSet.domainRules),
    encodingRules: tidyRules(ruleSet.encodingRules),
    enableAt: ruleSet.enableAt,
  });
  checkSize(tidy, 'The rule set', invalidRuleSet);
  return tidy;
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
