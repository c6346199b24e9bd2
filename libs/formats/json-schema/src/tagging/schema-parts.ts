import { type JsonNode, type JsonObject, member, stringMember } from '#libs/formats/json-text';
import { type Draft, isSince } from '../draft.ts';

/** Kinds of schemas as Confluent's registry tells them apart, in the order in which it counts the parts of a combination. */
export const PART_KINDS = [
  'array',
  'boolean',
  'combined',
  'conditional',
  'const',
  'empty',
  'enum',
  'false',
  'not',
  'null',
  'number',
  'object',
  'reference',
  'string',
  'true',
] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** One of the constraints that a schema sets side by side. */
export type SchemaPart =
  | { readonly kind: Exclude<PartKind, 'combined'> }
  | { readonly kind: 'combined'; readonly criterion: Criterion; readonly schemas: readonly JsonNode[] }
  /** A list of types: any of them, each with the keywords beside it. */
  | { readonly kind: 'combined'; readonly criterion: 'anyof'; readonly types: readonly PartKind[] };
export type Criterion = 'allof' | 'anyof' | 'oneof';

const CRITERIA = [
  ['allOf', 'allof'],
  ['anyOf', 'anyof'],
  ['oneOf', 'oneof'],
] as const;

/** Which kind of value the keywords are about, for schemas without a `type`. */
const KEYWORDS = {
  string: 'maxLength minLength pattern'.split(' '),
  number: 'maximum minimum exclusiveMaximum exclusiveMinimum multipleOf'.split(' '),
  object: (
    'properties required patternProperties additionalProperties propertyNames dependencies dependentRequired ' +
    'dependentSchemas maxProperties minProperties unevaluatedProperties'
  ).split(' '),
  array: 'items prefixItems additionalItems contains maxItems minItems uniqueItems unevaluatedItems'.split(' '),
} as const;

/** The parts of a schema, unordered. Up to draft 7 a reference hides what stands beside it. */
export function partsOf(node: JsonObject, draft: Draft): SchemaPart[] {
  const parts: SchemaPart[] = [];
  if (stringMember(node, '$ref') !== undefined) {
    parts.push({ kind: 'reference' });
    if (!isSince(draft, '2019-09')) return parts;
  }
  if (member(node, 'enum')?.kind === 'array') parts.push({ kind: 'enum' });
  if (member(node, 'const') !== undefined && isSince(draft, '6')) parts.push({ kind: 'const' });
  for (const [keyword, criterion] of CRITERIA) {
    const list = member(node, keyword);
    if (list?.kind === 'array') parts.push({ kind: 'combined', criterion, schemas: list.items });
  }
  if (member(node, 'not') !== undefined) parts.push({ kind: 'not' });
  if (member(node, 'if') !== undefined && isSince(draft, '7')) parts.push({ kind: 'conditional' });
  return [...parts, ...typedParts(node)];
}

/** The kind of a whole schema: that of its only part. */
export function kindOf(node: JsonNode, draft: Draft): PartKind {
  if (node.kind === 'boolean') return node.value ? 'true' : 'false';
  const parts = node.kind === 'object' ? partsOf(node, draft) : [];
  return parts.length > 1 ? 'combined' : (parts[0]?.kind ?? 'empty');
}

function typedParts(node: JsonObject): SchemaPart[] {
  const type = member(node, 'type');
  if (type?.kind === 'string') return [{ kind: kindOfType(type.value) }];
  if (type?.kind === 'array') {
    const names = type.items.flatMap((name) => (name.kind === 'string' ? [kindOfType(name.value)] : []));
    return [{ kind: 'combined', criterion: 'anyof', types: names.sort(byKind) }];
  }
  return Object.entries(KEYWORDS)
    .filter(([, keywords]) => keywords.some((keyword) => member(node, keyword) !== undefined))
    .map(([name]) => ({ kind: kindOfType(name) }));
}

/** The order in which kinds are counted. */
export function byKind(a: PartKind, b: PartKind): number {
  return PART_KINDS.indexOf(a) - PART_KINDS.indexOf(b);
}

type TypeKind = 'array' | 'boolean' | 'null' | 'number' | 'object' | 'string' | 'empty';
const TYPES: Readonly<Record<string, TypeKind>> = {
  array: 'array',
  boolean: 'boolean',
  integer: 'number',
  null: 'null',
  number: 'number',
  object: 'object',
  string: 'string',
};

function kindOfType(name: string): TypeKind {
  return TYPES[name] ?? 'empty';
}
