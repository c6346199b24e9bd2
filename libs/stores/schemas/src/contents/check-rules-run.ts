import type { Rule, RuleSet } from '#libs/formats/schema';
import { invalidRuleSet } from '../refusals.ts';

/** The rules that clients evaluate an expression for. */
const WITH_EXPRESSION: readonly string[] = ['CEL', 'CEL_FIELD', 'JSONATA'];
/** Rules that change values, and therefore can be no condition. */
const TRANSFORMING: readonly string[] = ['ENCRYPT', 'ENCRYPT_PAYLOAD', 'JSONATA'];
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Checks of rules that are not disabled what clients would find out only when the first message meets them: that a rule with an
 * expression has one that is whole, and that a type that transforms is used as a transform. Types of others than Confluent's
 * clients are let through. Throws 42210 that names the rule.
 */
export function checkRulesRun(ruleSet: RuleSet | null): void {
  if (ruleSet === null) return;
  for (const rules of [ruleSet.migrationRules, ruleSet.domainRules, ruleSet.encodingRules]) {
    for (const rule of rules ?? []) if (rule.disabled !== true) checkRuns(rule);
  }
}

function checkRuns({ name, type, kind, expr }: Rule): void {
  if (TRANSFORMING.includes(type!) && kind === 'CONDITION') {
    throw invalidRuleSet(`Rule '${name}' of type ${type} transforms: its kind cannot be CONDITION`);
  }
  if (!WITH_EXPRESSION.includes(type!)) return;
  if (expr === undefined || expr === null || expr.trim() === '') {
    throw invalidRuleSet(`Rule '${name}' of type ${type} has no expression`);
  }
  const problem = openPart(expr);
  if (problem !== undefined) throw invalidRuleSet(`The expression of rule '${name}' is not whole: ${problem}`);
}

/** What of an expression is left open or closed once too often; undefined when nothing is. */
function openPart(expr: string): string | undefined {
  const open: string[] = [];
  for (let at = 0; at < expr.length; at++) {
    const char = expr[at]!;
    if (char === '"' || char === "'" || char === '`') {
      const end = endOfText(expr, at);
      if (end === undefined) return `the text at ${at} does not end`;
      at = end;
    } else if (char in CLOSING) open.push(CLOSING[char]!);
    else if ((char === ')' || char === ']' || char === '}') && open.pop() !== char)
      return `unexpected ${char} at ${at}`;
  }
  return open.length === 0 ? undefined : `${open.at(-1)} is missing`;
}

/** Where the text that begins at a quote ends; a backslash takes the next character with it. */
function endOfText(expr: string, from: number): number | undefined {
  for (let at = from + 1; at < expr.length; at++) {
    if (expr[at] === '\\') at++;
    else if (expr[at] === expr[from]) return at;
  }
  return undefined;
}
