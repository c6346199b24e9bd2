import type { JsonNode, JsonObject } from './json-node.ts';

const INDEXED_FROM = 12;
const indexes = new WeakMap<JsonObject, Map<string, JsonNode>>();

/** The value of a member, or undefined when `node` is not an object or has none of this name. Constant time on large objects. */
export function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  if (node?.kind !== 'object') return undefined;
  if (node.members.length < INDEXED_FROM) return node.members.find((each) => each.name === name)?.value;
  let index = indexes.get(node);
  if (index === undefined) {
    index = new Map(node.members.map((each) => [each.name, each.value]));
    indexes.set(node, index);
  }
  return index.get(name);
}

/** The text of a string member, or undefined when there is none or it is not a string. */
export function stringMember(node: JsonNode | undefined, name: string): string | undefined {
  const value = member(node, name);
  return value?.kind === 'string' ? value.value : undefined;
}
