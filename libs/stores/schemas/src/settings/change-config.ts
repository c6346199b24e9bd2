import { compatibilityLevelOf } from '#libs/compatibility/levels';
import { checkRuleSet } from '../contents/check-rule-set.ts';
import { tidyMetadata, tidyRuleSet } from '../contents/tidy-request.ts';
import { invalidCompatibility, invalidPolicy } from '../refusals.ts';
import type { ConfigChange, ConfigRecord } from '../registry.ts';

const POLICIES: readonly string[] = ['STRICT', 'LENIENT', 'LOGICAL'];

/** The change with its values in the form in which they are stored. Throws 42203, 42210, 42201. */
export function checkConfigChange(change: ConfigChange): ConfigChange {
  const { compatibilityLevel, compatibilityPolicy } = change;
  const level = isText(compatibilityLevel) ? compatibilityLevelOf(compatibilityLevel) : compatibilityLevel;
  if (isText(compatibilityLevel) && level === undefined) throw invalidCompatibility();
  const policy = isText(compatibilityPolicy) ? compatibilityPolicy.toUpperCase() : compatibilityPolicy;
  if (isText(policy) && !POLICIES.includes(policy)) throw invalidPolicy();
  checkRuleSet(change.defaultRuleSet);
  checkRuleSet(change.overrideRuleSet);
  const tidy: ConfigChange = {
    ...change,
    compatibilityLevel: level,
    compatibilityPolicy: policy,
    defaultMetadata: kept(change.defaultMetadata, tidyMetadata),
    overrideMetadata: kept(change.overrideMetadata, tidyMetadata),
    defaultRuleSet: kept(change.defaultRuleSet, tidyRuleSet),
    overrideRuleSet: kept(change.overrideRuleSet, tidyRuleSet),
  };
  return tidy;
}

/** The config after a change: absent fields stay, null ones are cleared. */
export function changedConfig(before: ConfigRecord, change: ConfigChange): ConfigRecord {
  const merged: ConfigChange = { ...before, ...withoutAbsent(change) };
  const entries = Object.entries(merged).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as ConfigRecord;
}

/** Whether two configs say the same, in whatever order Postgres gives their members. */
export function sameConfig(a: ConfigRecord, b: ConfigRecord): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, each]) => [name, inOrder(each)]),
  );
}

function withoutAbsent(change: ConfigChange): ConfigChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as ConfigChange;
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string';
}

/** Absent and null have meanings of their own. */
function kept<T>(value: T | null | undefined, tidy: (value: T) => T | null): T | null | undefined {
  return value === null || value === undefined ? value : tidy(value);
}
