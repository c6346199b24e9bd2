import type { Rule, RuleSet } from '#libs/formats/schema';

const PHASES = ['migrationRules', 'domainRules', 'encodingRules'] as const;

/** `over` on top of `under`: a rule takes the place of any other of its name. Null stays apart from empty. */
export function mergeRuleSets(under: RuleSet | null | undefined, over: RuleSet | null | undefined): RuleSet | null {
  if (under === null || under === undefined) return over ?? null;
  if (over === null || over === undefined) return under;
  const replaced = new Set(PHASES.flatMap((phase) => (over[phase] ?? []).map((rule) => rule.name)));
  const merged: { -readonly [K in keyof RuleSet]: RuleSet[K] } = {};
  for (const phase of PHASES) {
    if (under[phase] === undefined && over[phase] === undefined) continue;
    const kept = (under[phase] ?? []).filter((rule: Rule) => !replaced.has(rule.name));
    merged[phase] = [...kept, ...(over[phase] ?? [])];
  }
  const enableAt = over.enableAt ?? under.enableAt;
  return enableAt === undefined ? merged : { ...merged, enableAt };
}

/** The rule set without the rules of these names. */
export function withoutRules(ruleSet: RuleSet | null, names: readonly string[]): RuleSet | null {
  if (ruleSet === null || names.length === 0) return ruleSet;
  const left: { -readonly [K in keyof RuleSet]: RuleSet[K] } = { ...ruleSet };
  for (const phase of PHASES) {
    const rules = ruleSet[phase];
    if (rules !== undefined) left[phase] = rules.filter((rule) => !names.includes(rule.name));
  }
  return left;
}
