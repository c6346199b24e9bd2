import type { Rule, RuleSet } from '#libs/formats/schema';
import { invalidRuleSet } from '../refusals.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const NAME_LENGTH_MAX = 256;
const MIGRATION_MODES: readonly (string | undefined)[] = ['UPGRADE', 'DOWNGRADE', 'UPDOWN'];
const DATA_MODES: readonly (string | undefined)[] = ['WRITE', 'READ', 'WRITEREAD'];
const KINDS: readonly (string | undefined)[] = ['TRANSFORM', 'CONDITION'];
/** Modes with two directions, in which an action may have two parts, separated by a comma. */
const TWO_WAY: readonly (string | undefined)[] = ['UPDOWN', 'WRITEREAD'];

/** Checks a rule set as a whole. Throws 42210 that names the rule and what is wrong with it. */
export function checkRuleSet(ruleSet: RuleSet | null | undefined): void {
  if (ruleSet === null || ruleSet === undefined) return;
  const names = new Set<string>();
  const check = (rules: readonly Rule[] | null | undefined, phase: string, modes: readonly unknown[]): void => {
    for (const rule of rules ?? []) {
      checkRule(rule, phase, modes);
      if (names.has(rule.name)) throw invalidRuleSet(`Found rule with duplicate name '${rule.name}'`);
      names.add(rule.name);
    }
  };
  check(ruleSet.migrationRules, 'Migration', MIGRATION_MODES);
  check(ruleSet.domainRules, 'Domain', DATA_MODES);
  check(ruleSet.encodingRules, 'Encoding', DATA_MODES);
}

function checkRule(rule: Rule, phase: string, modes: readonly unknown[]): void {
  const { name } = rule;
  if (typeof name !== 'string' || name === '') throw invalidRuleSet('Found rule with empty name');
  if (name.length > NAME_LENGTH_MAX) throw invalidRuleSet(`Rule name exceeds ${NAME_LENGTH_MAX} characters: '${name}'`);
  if (!NAME.test(name)) {
    throw invalidRuleSet(`Illegal rule name '${name}': use letters, digits, _ and -, beginning with a letter or _`);
  }
  if (rule.type === undefined || rule.type === null || rule.type === '') {
    throw invalidRuleSet(`Rule '${name}' has no type`);
  }
  if (rule.kind !== undefined && rule.kind !== null && !KINDS.includes(rule.kind)) {
    throw invalidRuleSet(`Rule '${name}' has the kind '${rule.kind}': use TRANSFORM or CONDITION`);
  }
  if (!modes.includes(rule.mode)) {
    throw invalidRuleSet(`${phase} rule '${name}' has the mode '${rule.mode}': use one of ${modes.join(', ')}`);
  }
  for (const action of [rule.onSuccess, rule.onFailure]) {
    if (action?.includes(',') && !TWO_WAY.includes(rule.mode)) {
      throw invalidRuleSet(`Rule '${name}' has the action '${action}' for two directions, but the mode '${rule.mode}'`);
    }
  }
}
