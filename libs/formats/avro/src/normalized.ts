import { type JsonNode, sortedMembers } from '#libs/formats/json-text';
import type { AvroSchema } from './avro-schema.ts';
import { type AvroType, isNamed, type NamedType, type Properties, type RecordField } from './avro-type.ts';
import { normalizedDefault } from './normalized-default.ts';
import { parseNodes } from './parse-schema.ts';

/**
 * The schema in Confluent's normal form (`normalize=true`). What is known of it, from the behaviour of their client library:
 * properties are sorted by name at every depth, after a valid logical type with its precision and scale (a scale of 0 is
 * sorted with the others); aliases are sorted; an empty doc of a type is dropped, docs otherwise stay; errors become records;
 * a default takes the form that its type gives it (1 of a double becomes 1.0, a float is rounded to 32 bits) with its members
 * sorted. Fields, symbols and branches keep their order. Two of its effects lose what the schema says and are left out: a default of a
 * later branch of a union stays, and a type of the default namespace inside another namespace keeps its name. Idempotent.
 */
export function normalized(schema: AvroSchema): AvroSchema {
  const known = new Set(schema.dependencyNames);
  return parseNodes(nodeOf(schema.root, known), schema.dependencies);
}

type Member = { readonly name: string; readonly value: JsonNode };

function nodeOf(type: AvroType, known: Set<string>): JsonNode {
  if (type.kind === 'union') return { kind: 'array', items: type.branches.map((branch) => nodeOf(branch, known)) };
  if (isNamed(type)) return namedNode(type, known);
  const members: Member[] = [{ name: 'type', value: text(type.kind) }];
  if (type.kind === 'array') members.push({ name: 'items', value: nodeOf(type.items, known) });
  if (type.kind === 'map') members.push({ name: 'values', value: nodeOf(type.values, known) });
  return object([...members, ...propertyMembers(type)]);
}

function namedNode(type: NamedType, known: Set<string>): JsonNode {
  const { full, simple, space = '' } = type.name;
  if (known.has(full)) return text(full);
  known.add(full);
  const members: Member[] = [
    { name: 'type', value: text(type.kind) },
    { name: 'name', value: text(simple) },
    { name: 'namespace', value: text(space) },
  ];
  if (type.doc) members.push({ name: 'doc', value: text(type.doc) });
  if (type.kind === 'fixed') members.push({ name: 'size', value: { kind: 'number', text: String(type.size) } });
  if (type.kind === 'enum') members.push({ name: 'symbols', value: texts(type.symbols) });
  if (type.kind === 'enum' && type.default !== undefined) members.push({ name: 'default', value: text(type.default) });
  if (type.kind === 'record') {
    members.push({
      name: 'fields',
      value: { kind: 'array', items: type.fields.map((field) => fieldNode(field, known)) },
    });
  }
  members.push(...propertyMembers(type));
  // An alias without a namespace is told from one in this namespace by its dot, and sorted with it.
  const aliases = type.aliases.map((alias) => (alias.space === undefined && space ? `.${alias.simple}` : alias.full));
  if (aliases.length > 0) members.push({ name: 'aliases', value: texts(aliases.sort()) });
  return object(members);
}

function fieldNode(field: RecordField, known: Set<string>): JsonNode {
  const members: Member[] = [
    { name: 'name', value: text(field.name) },
    { name: 'type', value: nodeOf(field.type, known) },
  ];
  if (field.doc !== undefined) members.push({ name: 'doc', value: text(field.doc) });
  if (field.default) members.push({ name: 'default', value: normalizedDefault(field.type, field.default) });
  members.push({ name: 'order', value: text(field.order) });
  if (field.aliases.length > 0) members.push({ name: 'aliases', value: texts([...field.aliases].sort()) });
  return object([...members, ...sortedProperties(field.properties)]);
}

/** The parts of a logical type come first because they are printed first; whatever else is there follows in order. */
function propertyMembers(type: Exclude<AvroType, { kind: 'union' }>): Member[] {
  const sorted = sortedProperties(type.properties);
  const logicalType = 'logicalType' in type ? type.logicalType : undefined;
  if (logicalType === undefined) return sorted;
  const first = ['logicalType'];
  if (logicalType.name === 'decimal') first.push('precision');
  if (logicalType.name === 'decimal' && logicalType.scale !== 0) first.push('scale');
  const leading = first.flatMap((name) => sorted.filter((member) => member.name === name));
  return [...leading, ...sorted.filter((member) => !first.includes(member.name))];
}

function sortedProperties(properties: Properties): Member[] {
  const node = sortedMembers(object([...properties].map(([name, value]) => ({ name, value }))));
  return node.kind === 'object' ? [...node.members] : [];
}

function object(members: readonly Member[]): JsonNode {
  return { kind: 'object', members };
}

function text(value: string): JsonNode {
  return { kind: 'string', value };
}

function texts(values: readonly string[]): JsonNode {
  return { kind: 'array', items: values.map(text) };
}
