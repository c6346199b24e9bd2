import { type JsonMember, type JsonNode, member } from '#libs/formats/json-text';
import { isSince } from './draft.ts';
import type { JsonSchema } from './json-schema.ts';
import { escapePointer } from './subschemas.ts';

const IDS = new Set(['$id', 'id', '$anchor', '$dynamicAnchor', '$schema']);
/** What a reference to a whole document that is `true` or `false` becomes; such a document has no place in `$defs`. */
const EVERYTHING: JsonNode = { kind: 'object', members: [] };
const NOTHING: JsonNode = { kind: 'object', members: [{ name: 'not', value: EVERYTHING }] };
const REFERENCES = new Set(['$ref', '$recursiveRef', '$dynamicRef']);

/**
 * The schema as one document without references to others: what it uses of its dependencies is moved into `$defs` (or
 * `definitions`, up to draft 7) under their names, and every reference becomes a local JSON pointer. A schema without
 * dependencies is returned as it is.
 */
export function bundle(schema: JsonSchema): JsonNode {
  const { root } = schema;
  if (schema.dependencies.length === 0 || root.kind !== 'object') return root;
  const keyword = isSince(schema.draft, '2019-09') ? '$defs' : 'definitions';
  const documents = usedDocuments(schema);
  const existing = member(root, keyword);
  const taken = new Set(existing?.kind === 'object' ? existing.members.map(({ name }) => name) : []);
  const pointers = new Map<JsonNode, string>();
  locate(root, '#', pointers);
  const names = new Map<JsonNode, string>();
  for (const document of documents) {
    const name = freeName(schema.dependencyName(document) ?? 'reference', taken);
    names.set(document, name);
    locate(document, `#/${keyword}/${escapePointer(name)}`, pointers);
  }
  const copy = (node: JsonNode, isRoot: boolean): JsonNode => rewrite(node, schema, pointers, isRoot, copy);
  const added = [...names].map(([document, name]): JsonMember => ({ name, value: copy(document, false) }));
  const rewritten = copy(root, true);
  if (rewritten.kind !== 'object' || added.length === 0) return rewritten;
  const held = member(rewritten, keyword);
  const all: JsonMember = {
    name: keyword,
    value: { kind: 'object', members: [...(held?.kind === 'object' ? held.members : []), ...added] },
  };
  const members = rewritten.members.map((each) => (each.name === keyword ? all : each));
  return { kind: 'object', members: held === undefined ? [...members, all] : members };
}

/** The documents, other than the main one, that references lead into, in the order in which they are met. */
function usedDocuments(schema: JsonSchema): Set<JsonNode> {
  const used = new Set<JsonNode>([schema.root]);
  // A set is iterated over what is added meanwhile, so documents may refer to each other in chains of any length.
  for (const document of used) {
    for (const node of nodesOf(document)) {
      const target = schema.target(node);
      if (target !== undefined && schema.isSchema(target)) used.add(schema.documentOf(target));
    }
  }
  used.delete(schema.root);
  return used;
}

function* nodesOf(node: JsonNode): Generator<JsonNode> {
  yield node;
  if (node.kind === 'array') for (const each of node.items) yield* nodesOf(each);
  if (node.kind === 'object') for (const { value } of node.members) yield* nodesOf(value);
}

function locate(node: JsonNode, pointer: string, pointers: Map<JsonNode, string>): void {
  if (node.kind === 'array') node.items.forEach((each, index) => locate(each, `${pointer}/${index}`, pointers));
  if (node.kind !== 'object') return;
  pointers.set(node, pointer);
  for (const { name, value } of node.members) locate(value, `${pointer}/${escapePointer(name)}`, pointers);
}

function rewrite(
  node: JsonNode,
  schema: JsonSchema,
  pointers: ReadonlyMap<JsonNode, string>,
  isRoot: boolean,
  copy: (node: JsonNode, isRoot: boolean) => JsonNode,
): JsonNode {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map((each) => copy(each, false)) };
  if (node.kind !== 'object') return node;
  const target = schema.target(node);
  const pointer = target === undefined ? undefined : pointers.get(target);
  if (target?.kind === 'boolean') return target.value ? EVERYTHING : NOTHING;
  const members: JsonMember[] = [];
  for (const { name, value } of node.members) {
    if (!isRoot && value.kind === 'string' && IDS.has(name) && schema.isSchema(node)) continue;
    if (pointer !== undefined && REFERENCES.has(name)) {
      members.push({ name: '$ref', value: { kind: 'string', value: encodeFragment(pointer) } });
    } else {
      members.push({ name, value: copy(value, false) });
    }
  }
  return { kind: 'object', members };
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

/** A JSON pointer as the fragment of a URI. */
function encodeFragment(pointer: string): string {
  return `#${encodeURI(pointer.slice(1)).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
}
