import { type JsonNode, type JsonObject, member, stringMember } from '#libs/formats/json-text';
import type { EnumType, FixedType, NamedType, RecordField, RecordType } from './avro-type.ts';
import { invalidSchema } from './invalid-schema.ts';
import { int32, logicalMember } from './logical-type.ts';
import { checkName, checkNamespace, type Name, nameOf } from './name.ts';
import { parseField } from './parse-field.ts';
import type { Place } from './place.ts';
import { isPrimitiveName } from './primitive-kind.ts';
import { propertiesOf } from './properties.ts';
import { writtenAliases } from './written-aliases.ts';

/** Java arrays end a little below 2^31 bytes, so no fixed is larger. */
const SIZE_MAX = 2 ** 31 - 9;

/** Reads the definition of a record, enum or fixed and makes it known under its name. */
export function parseNamed(node: JsonObject, type: 'record' | 'error' | 'enum' | 'fixed', at: Place): NamedType {
  const name = definedName(node, at);
  if (type === 'enum') return declared(parseEnum(node, name, at), at);
  if (type === 'fixed') return declared(parseFixed(node, name, at), at);
  return parseRecord(node, name, type === 'error', at);
}

function definedName(node: JsonObject, at: Place): Name {
  const written = stringMember(node, 'name');
  if (written === undefined) throw invalidSchema('a named type without a "name" that is a string', at.path);
  const name = nameOf(written, stringMember(node, 'namespace') ?? at.space, at.path);
  checkNamespace(name, at.path);
  if (isPrimitiveName(name.full)) throw invalidSchema(`a type cannot be named ${JSON.stringify(name.full)}`, at.path);
  return name;
}

function declared<T extends NamedType>(type: T, at: Place): T {
  at.types.declare(type, at.path);
  return type;
}

function parseRecord(node: JsonObject, name: Name, isError: boolean, at: Place): RecordType {
  const fieldNodes = member(node, 'fields');
  if (fieldNodes?.kind !== 'array') throw invalidSchema('a record without an array of "fields"', at.path);
  at.budget.spend(fieldNodes.items.length);
  const fields: RecordField[] = [];
  const record = declared<RecordType>(
    { kind: 'record', ...describedAs(node, name, 'record', at), isError, fields },
    at,
  );
  const names = new Set<string>();
  fieldNodes.items.forEach((fieldNode, index) => {
    const path = `${at.path}/fields/${index}`;
    const field = parseField(fieldNode, { ...at, space: name.space, path });
    if (names.has(field.name))
      throw invalidSchema(`the record has the field ${JSON.stringify(field.name)} twice`, path);
    names.add(field.name);
    fields.push(field);
  });
  return record;
}

function parseEnum(node: JsonObject, name: Name, at: Place): EnumType {
  const symbolNodes = member(node, 'symbols');
  if (symbolNodes?.kind !== 'array') throw invalidSchema('an enum without an array of "symbols"', at.path);
  at.budget.spend(symbolNodes.items.length);
  const symbols = new Set<string>();
  symbolNodes.items.forEach((symbolNode, index) => {
    const path = `${at.path}/symbols/${index}`;
    const symbol = checkName(textOf(symbolNode, 'a symbol', path), path);
    if (symbols.has(symbol)) throw invalidSchema(`the enum has the symbol ${JSON.stringify(symbol)} twice`, path);
    symbols.add(symbol);
  });
  const fallback = stringMember(node, 'default');
  if (fallback !== undefined && !symbols.has(fallback)) {
    throw invalidSchema(`the default ${JSON.stringify(fallback)} is not a symbol of the enum`, at.path);
  }
  const described = describedAs(node, name, 'enum', at);
  return {
    kind: 'enum',
    ...described,
    symbols: [...symbols],
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function parseFixed(node: JsonObject, name: Name, at: Place): FixedType {
  const size = int32(member(node, 'size'));
  if (size === undefined || size < 0 || size > SIZE_MAX) {
    throw invalidSchema(`a fixed needs a whole "size" from 0 to ${SIZE_MAX}`, at.path);
  }
  const described = describedAs(node, name, 'fixed', at);
  return {
    kind: 'fixed',
    ...described,
    size,
    ...logicalMember({ kind: 'fixed', size, properties: described.properties }),
  };
}

function describedAs(
  node: JsonObject,
  name: Name,
  kind: NamedType['kind'],
  at: Place,
): Pick<NamedType, 'name' | 'doc' | 'aliases' | 'properties'> {
  const doc = stringMember(node, 'doc');
  const aliases = new Map(
    writtenAliases(node, at.path).map((written) => {
      const alias = nameOf(written, name.space, at.path);
      return [alias.full, alias] as const;
    }),
  );
  const properties = propertiesOf(node, kind === 'enum' ? 'enum' : 'type');
  return { name, ...(doc === undefined ? {} : { doc }), aliases: [...aliases.values()], properties };
}

function textOf(node: JsonNode, what: string, path: string): string {
  if (node.kind !== 'string') throw invalidSchema(`${what} that is not a string`, path);
  return node.value;
}
