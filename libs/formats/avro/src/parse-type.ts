import { type JsonNode, type JsonObject, member, stringMember } from '#libs/formats/json-text';
import type { AvroType } from './avro-type.ts';
import { invalidSchema } from './invalid-schema.ts';
import { logicalMember } from './logical-type.ts';
import { parseNamed } from './parse-named.ts';
import type { Place } from './place.ts';
import { isPrimitiveName, type PrimitiveKind } from './primitive-kind.ts';
import { NO_PROPERTIES, propertiesOf } from './properties.ts';

/**
 * Reads the type that a JSON value describes and hands it to `put`: at once, or in `NamedTypes.resolve` when it is the name of
 * a type that is defined later.
 */
export function parseType(node: JsonNode, at: Place, put: (type: AvroType) => void): void {
  at.budget.spend(1);
  if (node.kind === 'string') return parseName(node.value, at, put);
  if (node.kind === 'array') return put(parseUnion(node.items, at));
  if (node.kind !== 'object') {
    throw invalidSchema(`a type is a name, an object or an array of types, not ${node.kind}`, at.path);
  }
  const type = stringMember(node, 'type');
  if (type === undefined) throw invalidSchema('an object without a "type" that is a string', at.path);
  switch (type) {
    case 'array':
      return put(parseContainer(node, 'items', at));
    case 'map':
      return put(parseContainer(node, 'values', at));
    case 'record':
    case 'error':
    case 'enum':
    case 'fixed':
      return put(parseNamed(node, type, at));
    default:
      if (isPrimitiveName(type)) return put(parsePrimitive(node, type));
      // {"type": "Name"} is a reference; whatever else the object holds has no meaning, as in Java.
      return parseName(type, at, put);
  }
}

function parseName(name: string, at: Place, put: (type: AvroType) => void): void {
  if (isPrimitiveName(name)) put({ kind: name, properties: NO_PROPERTIES });
  else at.types.refer(name, at.space, at.path, put);
}

function parsePrimitive(node: JsonObject, kind: PrimitiveKind): AvroType {
  const properties = propertiesOf(node, 'type');
  return { kind, properties, ...logicalMember({ kind, properties }) };
}

function parseContainer(node: JsonObject, part: 'items' | 'values', at: Place): AvroType {
  const inner = member(node, part);
  if (inner === undefined) throw invalidSchema(`${part === 'items' ? 'an array' : 'a map'} without "${part}"`, at.path);
  const kind = part === 'items' ? 'array' : 'map';
  const container: Record<string, unknown> = { kind, properties: propertiesOf(node, 'type') };
  parseType(inner, { ...at, path: `${at.path}/${part}` }, (type) => (container[part] = type));
  return container as unknown as AvroType;
}

function parseUnion(items: readonly JsonNode[], at: Place): AvroType {
  const branches: AvroType[] = [];
  items.forEach((item, index) => {
    const path = `${at.path}/${index}`;
    if (item.kind === 'array') throw invalidSchema('a union directly inside a union', path);
    parseType(item, { ...at, path }, (type) => (branches[index] = type));
  });
  at.types.whenResolved(() => checkBranches(branches, at.path));
  return { kind: 'union', branches };
}

function checkBranches(branches: readonly AvroType[], path: string): void {
  const seen = new Set<string>();
  for (const branch of branches) {
    const name = 'name' in branch ? branch.name.full : branch.kind;
    if (seen.has(name)) throw invalidSchema(`the union has ${JSON.stringify(name)} twice`, path);
    seen.add(name);
  }
}
