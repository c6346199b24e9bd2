import { type JsonMember, type JsonNode, printJson } from '#libs/formats/json-text';
import type { JsonSchema } from '#libs/formats/json-schema';

const NOTES = new Set(['title', 'description', '$comment']);
const VALUES = new Set(['enum', 'const', 'default']);

/**
 * A schema with all that it refers to as a text that is the same only for schemas that say the same in the same way; what
 * merely describes them is left out. Undefined when it would be longer than `lengthMax` characters.
 */
export function constraintText(node: JsonNode, schema: JsonSchema, lengthMax: number): string | undefined {
  const reached = new Set([node]);
  const texts: string[] = [];
  let length = 0;
  for (const each of reached) {
    const text = printJson(withoutNotes(each));
    length += text.length;
    if (length > lengthMax) return undefined;
    texts.push(text);
    addTargets(each, schema, reached);
  }
  return texts.join('\n');
}

function addTargets(node: JsonNode, schema: JsonSchema, reached: Set<JsonNode>): void {
  const target = schema.target(node);
  if (target !== undefined) reached.add(target);
  if (node.kind === 'array') for (const each of node.items) addTargets(each, schema, reached);
  if (node.kind === 'object') for (const { value } of node.members) addTargets(value, schema, reached);
}

function withoutNotes(node: JsonNode): JsonNode {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map(withoutNotes) };
  if (node.kind !== 'object') return node;
  const members = node.members.flatMap(({ name, value }): JsonMember[] => {
    if (value.kind === 'string' && NOTES.has(name)) return [];
    return [{ name, value: VALUES.has(name) ? value : withoutNotes(value) }];
  });
  return { kind: 'object', members };
}
