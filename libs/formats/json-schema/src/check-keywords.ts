import { type JsonNode, member } from '#libs/formats/json-text';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Draft } from './draft.ts';
import { type KeywordKind, keywordsOf } from './keywords.ts';
import { patternError } from './pattern-syntax.ts';

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);

/**
 * Checks the values of one schema's own keywords, not those of the schemas within. As lenient as the libraries that other
 * registries read with: empty lists, repeated names and negative counts pass, unknown keywords are ignored.
 * Throws SCHEMA_INVALID naming the place.
 */
export function checkKeywords(node: JsonNode, draft: Draft, place: string): void {
  if (node.kind === 'boolean') return;
  if (node.kind !== 'object') throw invalid(place, `a schema has to be an object or a boolean, found ${node.kind}`);
  const kinds = keywordsOf(draft);
  for (const { name, value } of node.members) {
    const kind = kinds.get(name);
    const problem = kind === undefined ? undefined : problemOf(kind, value, draft);
    if (problem !== undefined) throw invalid(`${place}/${name}`, problem);
  }
  for (const { name } of membersOf(member(node, 'patternProperties'))) {
    const problem = patternError(name);
    if (problem !== undefined) throw invalid(`${place}/patternProperties`, problem);
  }
}

function problemOf(kind: KeywordKind, value: JsonNode, draft: Draft): string | undefined {
  // Draft 4 allows boolean schemas in a few places only; where it does not, they are read as in later drafts.
  const isSchema = value.kind === 'object' || value.kind === 'boolean';
  switch (kind) {
    case 'schema':
      return isSchema ? undefined : expected('a schema (object or boolean)', value);
    case 'schema or schemas':
      return isSchema || value.kind === 'array' ? undefined : expected('a schema or an array of schemas', value);
    case 'schemas':
      return value.kind === 'array' ? undefined : expected('an array of schemas', value);
    case 'schema map':
      return value.kind === 'object' ? undefined : expected('an object of schemas', value);
    case 'schema or names map':
      return mapProblem(value, (each) => (each.kind === 'array' ? namesProblem(each) : schemaProblem(each)));
    case 'names map':
      return mapProblem(value, namesProblem);
    case 'names':
      return namesProblem(value);
    case 'type':
      return typeProblem(value);
    case 'list':
      return value.kind === 'array' ? undefined : expected('an array', value);
    case 'pattern':
      return value.kind === 'string' ? patternError(value.value) : expected('a string', value);
    default:
      return scalarProblem(kind, value, draft);
  }
}

function scalarProblem(kind: KeywordKind, value: JsonNode, draft: Draft): string | undefined {
  switch (kind) {
    case 'boolean':
      return value.kind === 'boolean' ? undefined : expected('a boolean', value);
    case 'text':
      return value.kind === 'string' ? undefined : expected('a string', value);
    case 'count':
      return value.kind === 'number' && isWhole(value.text) ? undefined : expected('an integer', value);
    case 'divisor':
      if (value.kind !== 'number') return expected('a number', value);
      return /[1-9]/.test(value.text.replace(/[eE].*/, '')) ? undefined : 'has to be more than 0';
    default: {
      const hint = draft !== '4' && value.kind === 'boolean' ? ' (a boolean is draft 4: set $schema to it)' : '';
      return value.kind === 'number' ? undefined : `${expected('a number', value)}${hint}`;
    }
  }
}

function typeProblem(value: JsonNode): string | undefined {
  const names = value.kind === 'array' ? value.items : [value];
  for (const name of names) {
    if (name.kind !== 'string') return expected('a type name or an array of type names', name);
    if (!TYPES.has(name.value)) return `unknown type "${name.value}"; the types are ${[...TYPES].join(', ')}`;
  }
  return undefined;
}

function namesProblem(value: JsonNode): string | undefined {
  if (value.kind !== 'array') return expected('an array of names', value);
  const wrong = value.items.find((each) => each.kind !== 'string');
  return wrong === undefined ? undefined : expected('an array of names', wrong);
}

function schemaProblem(value: JsonNode): string | undefined {
  const isSchema = value.kind === 'object' || value.kind === 'boolean';
  return isSchema ? undefined : expected('an array of names or a schema', value);
}

function mapProblem(value: JsonNode, problemOfEach: (node: JsonNode) => string | undefined): string | undefined {
  if (value.kind !== 'object') return expected('an object', value);
  for (const each of value.members) {
    const problem = problemOfEach(each.value);
    if (problem !== undefined) return `"${each.name}": ${problem}`;
  }
  return undefined;
}

function isWhole(text: string): boolean {
  return Number.isInteger(Number(text));
}

function membersOf(node: JsonNode | undefined): readonly { readonly name: string }[] {
  return node?.kind === 'object' ? node.members : [];
}

function expected(what: string, found: JsonNode): string {
  return `expected ${what}, found ${found.kind}`;
}

function invalid(place: string, problem: string): TidemarkError {
  return new TidemarkError('SCHEMA_INVALID', `Invalid JSON Schema at ${place}: ${problem}.`);
}
