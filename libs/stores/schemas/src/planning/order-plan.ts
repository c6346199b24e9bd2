import { orderByDependencies } from '#libs/foundation/kernel';
import type { SchemaReference } from '#libs/formats/schema';
import { DEFAULT_CONTEXT, parseSubject, printSubject } from '../names/qualified-subject.ts';
import { invalidSchema } from '../refusals.ts';
import { PLAN_LIMITS, type PlanItem, type PlannedReference, type PlanRequest } from './plan.ts';

/** What a reference of an item leads to: another item, by its index, or what the registry has. */
export type PlannedTarget = { readonly item: number } | { readonly stored: SchemaReference };

export interface PlanStep {
  /** Of the item in the request. */
  readonly index: number;
  /** One for each of its references. */
  readonly targets: readonly PlannedTarget[];
}

/**
 * The items with what their references mean, each after the items that it refers to and after the earlier ones of its subject.
 * Pure. Throws 42201 for a plan that is too large, names a version twice, or whose items refer to one another in a circle.
 */
export function orderPlan({ items, configs }: PlanRequest): PlanStep[] {
  checkSize(items, configs.length);
  const bySubject = new Map<string, number[]>();
  for (const [index, { subject }] of items.entries()) {
    const key = printSubject(parseSubject(subject));
    bySubject.set(key, [...(bySubject.get(key) ?? []), index]);
  }
  for (const indexes of bySubject.values()) checkNames(items, indexes);
  const targets = items.map((item, index) =>
    (item.references ?? []).map((reference) => targetOf(items, bySubject, index, reference)),
  );
  const needs = targets.map((each) => each.flatMap((target) => ('item' in target ? [target.item] : [])));
  for (const indexes of bySubject.values()) {
    for (const [at, index] of indexes.entries()) if (at > 0) needs[index]!.push(indexes[at - 1]!);
  }
  const { order, circles } = orderByDependencies(needs);
  if (circles.length > 0) {
    const names = circles.slice(0, 5).map((index) => items[index]!.subject);
    throw invalidSchema(`The schemas refer to one another in a circle: ${[...new Set(names)].join(', ')}`);
  }
  return order.map((index) => ({ index, targets: targets[index]! }));
}

function targetOf(
  items: readonly PlanItem[],
  bySubject: ReadonlyMap<string, readonly number[]>,
  index: number,
  { name, subject, version }: PlannedReference,
): PlannedTarget {
  const { context } = parseSubject(items[index]!.subject);
  const planned = bySubject.get(printSubject(parseSubject(subject, context ?? DEFAULT_CONTEXT))) ?? [];
  const isLatest = version === undefined || version === null || version === -1 || version === 'latest';
  // An item cannot mean itself or what comes after it in its own subject.
  const earlier = planned.includes(index) ? planned.slice(0, planned.indexOf(index)) : planned;
  const item = isLatest ? earlier.at(-1) : earlier.find((each) => items[each]!.version === version);
  return item === undefined ? { stored: { name, subject, version: isLatest ? -1 : version } } : { item };
}

function checkNames(items: readonly PlanItem[], indexes: readonly number[]): void {
  const named = indexes.map((index) => items[index]!.version).filter((version) => typeof version === 'number');
  const twice = named.find((version, at) => named.indexOf(version) < at);
  if (twice === undefined) return;
  throw invalidSchema(`The plan has two schemas called version ${twice} of ${items[indexes[0]!]!.subject}`);
}

function checkSize(items: readonly PlanItem[], configs: number): void {
  const characters = items.reduce((sum, { schema }) => sum + schema.length, 0);
  if (items.length > PLAN_LIMITS.items || configs > PLAN_LIMITS.configs || characters > PLAN_LIMITS.characters) {
    throw invalidSchema(
      `A plan has at most ${PLAN_LIMITS.items} schemas with ${PLAN_LIMITS.characters} characters together, and ` +
        `${PLAN_LIMITS.configs} configs`,
    );
  }
}
