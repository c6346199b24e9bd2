import type { Enum, EnumValue } from '../ast/enum.ts';
import type { Field, SingularType } from '../ast/field.ts';
import type { Extend, Group, Message, Oneof, TypeDeclaration } from '../ast/message.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { ascending } from './ascending.ts';
import { mapOfEntry } from './map-of-entry.ts';
import { normalOptions } from './normal-options.ts';
import { normalExtensionRanges, normalReserved } from './normal-ranges.ts';

/** Types in normal form. Their order stays: the indexes of messages depend on it. Spelled out entries of maps go. */
export function normalTypes(
  schema: ProtobufSchema,
  types: readonly TypeDeclaration[],
  outer: string,
): TypeDeclaration[] {
  return types
    .filter((type) => mapOfEntry(type) === undefined)
    .map((type) => (type.kind === 'enum' ? normalEnum(schema, type, outer) : normalMessage(schema, type, outer)));
}

/** Extend blocks with the full name of what they extend, one for each message. */
export function normalExtends(schema: ProtobufSchema, extendBlocks: readonly Extend[], scope: string): Extend[] {
  const byName = new Map<string, Extend[]>();
  for (const extend of extendBlocks) {
    const name = typeName(schema, extend.name, scope);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [extend]);
    else same.push(extend);
  }
  return [...byName].map(([name, same]) => {
    const members = { fields: same.flatMap(({ fields }) => fields), groups: same.flatMap(({ groups }) => groups) };
    return { name, ...normalFields(schema, members, scope), at: same[0]?.at };
  });
}

/** The full name of a type with a leading dot; as written when no visible file declares it. */
export function typeName(schema: ProtobufSchema, name: string, scope: string): string {
  const symbol = resolveType(schema, name, scope);
  return symbol === undefined ? name : `.${symbol.fullName}`;
}

function normalMessage(schema: ProtobufSchema, message: Message, outer: string): Message {
  const scope = qualified(outer, message.name);
  return {
    ...message,
    options: normalOptions(schema, 'MessageOptions', message.options, outer),
    reserved: normalReserved(message.reserved),
    ...normalFields(schema, message, scope),
    oneofs: message.oneofs
      .filter(({ fields, groups }) => fields.length + groups.length > 0)
      .map((oneof) => normalOneof(schema, oneof, scope))
      .sort((a, b) => firstNumber(a) - firstNumber(b)),
    extensionRanges: normalExtensionRanges(message.extensionRanges),
    nestedTypes: normalTypes(schema, message.nestedTypes, scope),
    extends: normalExtends(schema, message.extends, scope),
  };
}

function normalOneof(schema: ProtobufSchema, oneof: Oneof, scope: string): Oneof {
  const options = normalOptions(schema, 'OneofOptions', oneof.options, scope);
  return { ...oneof, options, ...normalFields(schema, oneof, scope) };
}

function firstNumber({ fields, groups }: Oneof): number {
  return (fields[0] ?? groups[0])?.number ?? 0;
}

function normalFields(
  schema: ProtobufSchema,
  { fields, groups }: { readonly fields: readonly Field[]; readonly groups: readonly Group[] },
  scope: string,
): { fields: Field[]; groups: Group[] } {
  return {
    fields: fields.map((field) => normalField(schema, field, scope)).sort((a, b) => a.number - b.number),
    // Groups declare types, whose order stays.
    groups: groups.map((group) => normalGroup(schema, group, scope)),
  };
}

function normalGroup(schema: ProtobufSchema, group: Group, scope: string): Group {
  const options = normalOptions(schema, 'FieldOptions', group.options, scope);
  return { ...group, options, message: normalMessage(schema, group.message, scope) };
}

function normalField(schema: ProtobufSchema, field: Field, scope: string): Field {
  const options = normalOptions(schema, 'FieldOptions', field.options, scope);
  const { label: _label, ...unlabelled } = field;
  if (field.type.kind === 'map') {
    const { key, value } = field.type;
    return { ...unlabelled, options, type: { kind: 'map', key, value: singular(schema, value, scope) } };
  }
  const entry = field.type.kind === 'named' ? resolveType(schema, field.type.name, scope) : undefined;
  const map = entry === undefined ? undefined : mapOfEntry(entry.type);
  if (entry === undefined || map === undefined) return { ...field, options, type: singular(schema, field.type, scope) };
  const value = singular(schema, map.value, entry.fullName);
  return { ...unlabelled, options, type: { kind: 'map', key: map.key, value } };
}

function singular(schema: ProtobufSchema, type: SingularType, scope: string): SingularType {
  return type.kind === 'scalar' ? type : { kind: 'named', name: typeName(schema, type.name, scope) };
}

/** Values by number, then by name; but where zero comes first it stays there, as open enums and the values of maps need it. */
function normalEnum(schema: ProtobufSchema, type: Enum, outer: string): Enum {
  const zeroFirst = type.values[0]?.number === 0;
  const rank = ({ number }: EnumValue): number => (zeroFirst && number === 0 ? -Infinity : number);
  const order = (a: EnumValue, b: EnumValue): number =>
    rank(a) === rank(b) ? ascending(a.name, b.name) : rank(a) - rank(b);
  return {
    ...type,
    options: normalOptions(schema, 'EnumOptions', type.options, outer),
    reserved: normalReserved(type.reserved),
    values: type.values
      .map((value) => ({ ...value, options: normalOptions(schema, 'EnumValueOptions', value.options, outer) }))
      .sort(order),
  };
}
