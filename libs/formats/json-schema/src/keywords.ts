import type { Draft } from './draft.ts';
import { isSince } from './draft.ts';

/** What the value of a keyword has to be. */
export type KeywordKind =
  | 'schema'
  | 'schemas'
  | 'schema map'
  | 'schema or schemas'
  | 'schema or names map'
  | 'names'
  | 'names map'
  | 'type'
  | 'text'
  | 'pattern'
  | 'number'
  | 'divisor'
  | 'count'
  | 'boolean'
  | 'list';

interface Keyword {
  readonly kind: KeywordKind;
  readonly since?: Draft;
  readonly until?: Draft;
}

const of = (kind: KeywordKind, since?: Draft, until?: Draft): Keyword => ({ kind, since, until });

/** The keywords that constrain a value or hold schemas, with the drafts that know them. A keyword may be listed twice. */
const KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['title', of('text')],
  ['description', of('text')],
  ['format', of('text')],
  ['type', of('type')],
  ['enum', of('list')],
  ['maxLength', of('count')],
  ['minLength', of('count')],
  ['pattern', of('pattern')],
  ['maximum', of('number')],
  ['minimum', of('number')],
  ['exclusiveMaximum', of('boolean', '4', '4')],
  ['exclusiveMinimum', of('boolean', '4', '4')],
  ['exclusiveMaximum', of('number', '6')],
  ['exclusiveMinimum', of('number', '6')],
  ['multipleOf', of('divisor')],
  ['required', of('names')],
  ['maxProperties', of('count')],
  ['minProperties', of('count')],
  ['properties', of('schema map')],
  ['patternProperties', of('schema map')],
  ['additionalProperties', of('schema')],
  ['propertyNames', of('schema', '6')],
  ['unevaluatedProperties', of('schema', '2019-09')],
  ['dependencies', of('schema or names map')],
  ['dependentRequired', of('names map', '2019-09')],
  ['dependentSchemas', of('schema map', '2019-09')],
  ['maxItems', of('count')],
  ['minItems', of('count')],
  ['uniqueItems', of('boolean')],
  ['items', of('schema or schemas', '4', '2019-09')],
  ['items', of('schema', '2020-12')],
  ['prefixItems', of('schemas', '2020-12')],
  ['additionalItems', of('schema', '4', '2019-09')],
  ['unevaluatedItems', of('schema', '2019-09')],
  ['contains', of('schema', '6')],
  ['maxContains', of('count', '2019-09')],
  ['minContains', of('count', '2019-09')],
  ['allOf', of('schemas')],
  ['anyOf', of('schemas')],
  ['oneOf', of('schemas')],
  ['not', of('schema')],
  ['if', of('schema', '7')],
  ['then', of('schema', '7')],
  ['else', of('schema', '7')],
];

const BY_DRAFT = new Map<Draft, ReadonlyMap<string, KeywordKind>>();

/** The keywords of a draft. `definitions` and `$defs` are not among them: they only hold what is referred to. */
export function keywordsOf(draft: Draft): ReadonlyMap<string, KeywordKind> {
  let kinds = BY_DRAFT.get(draft);
  if (kinds === undefined) {
    const known = KEYWORDS.filter(
      ([, { since = '4', until = '2020-12' }]) => isSince(draft, since) && isSince(until, draft),
    );
    kinds = new Map(known.map(([name, { kind }]) => [name, kind]));
    BY_DRAFT.set(draft, kinds);
  }
  return kinds;
}

/** Where definitions are kept; every draft is read with both, as authors mix them. */
export const DEFINITION_KEYWORDS = ['definitions', '$defs'] as const;
