import { type JsonNode, member, stringMember } from '#libs/formats/json-text';
import { type Draft, isSince } from '#libs/formats/json-schema';
import { type Decimal, decimal } from './decimal.ts';
import type { Evaluated } from './evaluated.ts';
import type { ArrayShape, Child, NumberShape, ObjectShape, Rest, StringShape, Unevaluated } from './shape.ts';

interface Options {
  readonly typed: boolean;
  readonly draft: Draft;
  readonly child: (node: JsonNode) => Child;
  /** What the schema's other keywords evaluate. */
  readonly elsewhere: () => Evaluated;
}

export function stringShape(node: JsonNode, typed: boolean): StringShape {
  return {
    kind: 'string',
    typed,
    maxLength: numberAt(node, 'maxLength'),
    minLength: numberAt(node, 'minLength'),
    pattern: stringMember(node, 'pattern'),
    notes: {},
  };
}

export function numberShape(node: JsonNode, typed: boolean, integer: boolean, draft: Draft): NumberShape {
  const maximum = numberAt(node, 'maximum');
  const minimum = numberAt(node, 'minimum');
  // In draft 4 the exclusive keywords are flags that sharpen the limit beside them.
  const flagged = (name: string, limit: Decimal | undefined): Decimal | undefined =>
    isFlag(node, name) ? limit : undefined;
  const isFlags = draft === '4';
  return {
    kind: 'number',
    typed,
    integer,
    maximum,
    minimum,
    exclusiveMaximum: isFlags ? flagged('exclusiveMaximum', maximum) : numberAt(node, 'exclusiveMaximum'),
    exclusiveMinimum: isFlags ? flagged('exclusiveMinimum', minimum) : numberAt(node, 'exclusiveMinimum'),
    multipleOf: numberAt(node, 'multipleOf'),
    notes: {},
  };
}

export function objectShape(node: JsonNode, { typed, draft, child, elsewhere }: Options): ObjectShape {
  const additional = member(node, 'additionalProperties');
  const leftOver = isSince(draft, '2019-09') ? member(node, 'unevaluatedProperties') : undefined;
  const names = member(node, 'propertyNames');
  const required = member(node, 'required');
  const dependencies = [
    ...entries(member(node, 'dependencies')),
    ...(isSince(draft, '2019-09') ? entries(member(node, 'dependentRequired')) : []),
    ...(isSince(draft, '2019-09') ? entries(member(node, 'dependentSchemas')) : []),
  ];
  return {
    kind: 'object',
    typed,
    properties: children(member(node, 'properties'), child),
    required: new Set(strings(required)),
    patterns: children(member(node, 'patternProperties'), child),
    additional: rest(additional, child),
    unevaluated: additional === undefined ? unevaluated(leftOver, child, elsewhere) : undefined,
    propertyNames: names !== undefined && isSince(draft, '6') ? child(names) : undefined,
    dependentNames: new Map(
      dependencies
        .filter(([, value]) => value.kind === 'array')
        .map(([name, value]) => [name, new Set(strings(value))]),
    ),
    dependentSchemas: new Map(
      dependencies.filter(([, value]) => value.kind !== 'array').map(([name, value]) => [name, child(value)]),
    ),
    maxProperties: numberAt(node, 'maxProperties'),
    minProperties: numberAt(node, 'minProperties'),
    notes: {},
  };
}

export function arrayShape(node: JsonNode, { typed, draft, child, elsewhere }: Options): ArrayShape {
  const items = member(node, 'items');
  const prefix = isSince(draft, '2020-12') ? member(node, 'prefixItems') : items;
  const tuple = prefix?.kind === 'array' ? prefix.items : [];
  const after = isSince(draft, '2020-12') ? items : member(node, 'additionalItems');
  const leftOver = isSince(draft, '2019-09') ? member(node, 'unevaluatedItems') : undefined;
  // From 2020-12 on a boolean says no more than whether items may follow.
  const saysWhether = isSince(draft, '2020-12') && items?.kind === 'boolean';
  const hasRest = prefix?.kind === 'array' || saysWhether;
  const all = !hasRest && items?.kind !== 'array' ? items : undefined;
  const isRestStated = all !== undefined || (hasRest && after !== undefined);
  const contains = isSince(draft, '6') ? member(node, 'contains') : undefined;
  const counts = isSince(draft, '2019-09') && contains !== undefined;
  const unique = member(node, 'uniqueItems');
  return {
    kind: 'array',
    typed,
    items: all === undefined ? undefined : child(all),
    tuple: tuple.map(child),
    additional: hasRest ? rest(after, child) : true,
    unevaluated: isRestStated ? undefined : unevaluated(leftOver, child, elsewhere),
    contains: contains && child(contains),
    countsContained: counts,
    maxContains: counts ? numberAt(node, 'maxContains') : undefined,
    minContains: counts ? numberAt(node, 'minContains') : undefined,
    maxItems: numberAt(node, 'maxItems'),
    minItems: numberAt(node, 'minItems'),
    unique: unique?.kind === 'boolean' && unique.value,
    notes: {},
  };
}

function rest(node: JsonNode | undefined, child: (node: JsonNode) => Child): Rest {
  if (node === undefined) return true;
  return node.kind === 'boolean' ? node.value : child(node);
}

function unevaluated(
  node: JsonNode | undefined,
  child: (node: JsonNode) => Child,
  elsewhere: () => Evaluated,
): Unevaluated | undefined {
  return node && { rest: rest(node, child), elsewhere };
}

function numberAt(node: JsonNode, name: string): Decimal | undefined {
  const value = member(node, name);
  return value?.kind === 'number' ? decimal(value.text) : undefined;
}

function isFlag(node: JsonNode, name: string): boolean {
  const value = member(node, name);
  return value?.kind === 'boolean' && value.value;
}

function entries(node: JsonNode | undefined): (readonly [string, JsonNode])[] {
  return node?.kind === 'object' ? node.members.map(({ name, value }) => [name, value] as const) : [];
}

function children(node: JsonNode | undefined, child: (node: JsonNode) => Child): Map<string, Child> {
  return new Map(entries(node).map(([name, value]) => [name, child(value)]));
}

function strings(node: JsonNode | undefined): string[] {
  return node?.kind === 'array' ? node.items.flatMap((each) => (each.kind === 'string' ? [each.value] : [])) : [];
}
