import { jsonKey, type JsonNode, member, stringMember } from '#libs/formats/json-text';
import type { Draft } from '../draft.ts';
import { byKind, kindOf } from './schema-parts.ts';

/**
 * The schemas of `allOf`, `anyOf` or `oneOf` in the order in which paths count them, which is not that of the text: by kind,
 * then by title, description and default, then by what the kind is about. Equal ones stay in the order of the text.
 */
export function inCountingOrder(schemas: readonly JsonNode[], draft: Draft): JsonNode[] {
  return schemas
    .map((node) => ({ node, kind: kindOf(node, draft), keys: keysOf(node, kindOf(node, draft)) }))
    .sort((a, b) => byKind(a.kind, b.kind) || compareKeys(a.keys, b.keys))
    .map(({ node }) => node);
}

type Key = string | number | undefined;

function keysOf(node: JsonNode, kind: string): Key[] {
  const fallback = member(node, 'default');
  const about = fallback === undefined ? undefined : textOf(fallback);
  return [stringMember(node, 'title'), stringMember(node, 'description'), about, ...ownKeys(node, kind)];
}

function ownKeys(node: JsonNode, kind: string): Key[] {
  if (kind === 'object') return [...listKeys(namesOf(node)), ...listKeys(listOf(member(node, 'required')))];
  if (kind === 'enum') return listKeys(listOf(member(node, 'enum')));
  const value = kind === 'const' ? member(node, 'const') : undefined;
  return value === undefined ? [] : [textOf(value)];
}

/** Shorter lists first, then by their values in order. */
function listKeys(texts: readonly string[]): Key[] {
  return [texts.length, ...texts.toSorted(compareTexts)];
}

function namesOf(node: JsonNode): string[] {
  const properties = member(node, 'properties');
  return properties?.kind === 'object' ? properties.members.map(({ name }) => name) : [];
}

function listOf(node: JsonNode | undefined): string[] {
  return node?.kind === 'array' ? node.items.map(textOf) : [];
}

function textOf(node: JsonNode): string {
  return node.kind === 'string' ? node.value : jsonKey(node);
}

function compareKeys(a: readonly Key[], b: readonly Key[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareKey(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** What is absent comes first. */
function compareKey(a: Key, b: Key): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
