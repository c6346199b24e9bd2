import { type JsonNode, member } from '#libs/formats/json-text';
import type { Draft } from './draft.ts';
import { DEFINITION_KEYWORDS, type KeywordKind, keywordsOf } from './keywords.ts';

/** A schema within a schema: its JSON pointer relative to the outer one, and its node. */
export interface Subschema {
  readonly pointer: string;
  readonly node: JsonNode;
}

/** The schemas that constrain the same value or parts of it. Values of the wrong kind are skipped: see `checkKeywords`. */
export function* subschemas(node: JsonNode, draft: Draft): Generator<Subschema> {
  if (node.kind !== 'object') return;
  const kinds = keywordsOf(draft);
  for (const { name, value } of node.members) {
    const kind = kinds.get(name);
    if (kind !== undefined) yield* held(kind, value, `/${escapePointer(name)}`);
  }
}

/** The schemas that `definitions` and `$defs` hold, whether used or not. */
export function* definitions(node: JsonNode): Generator<Subschema> {
  for (const keyword of DEFINITION_KEYWORDS) {
    const map = member(node, keyword);
    if (map !== undefined) yield* held('schema map', map, `/${keyword}`);
  }
}

function* held(kind: KeywordKind, value: JsonNode, pointer: string): Generator<Subschema> {
  const takesOne = kind === 'schema' || kind === 'schema or schemas';
  if (takesOne && value.kind !== 'array') {
    yield { pointer, node: value };
  } else if ((kind === 'schemas' || kind === 'schema or schemas') && value.kind === 'array') {
    for (const [index, node] of value.items.entries()) yield { pointer: `${pointer}/${index}`, node };
  } else if ((kind === 'schema map' || kind === 'schema or names map') && value.kind === 'object') {
    for (const { name, value: node } of value.members) {
      if (node.kind !== 'array') yield { pointer: `${pointer}/${escapePointer(name)}`, node };
    }
  }
}

/** A name as a step of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
