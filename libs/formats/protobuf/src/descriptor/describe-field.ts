import { type Label, SCALAR_TYPES, type ScalarType } from '../ast/field.ts';
import { fieldName } from '../ast/message.ts';
import { findOption, type Option } from '../ast/option.ts';
import { syntaxOf } from '../ast/proto-file.ts';
import { schemaInvalid } from '../errors.ts';
import { encodeOptions } from '../options/encode-options.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { type FieldPlace, resolveFieldType, type ResolvedType } from '../resolve/field-type.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { defaultValue } from './default-value.ts';
import type { DescriptorValue } from './descriptor-value.ts';
import { jsonNameOf, mapEntryName } from './json-name.ts';

/** FieldDescriptorProto.Type; the scalars are in the order of their numbers but for group, message and enum in between. */
const TYPE_NUMBERS: Readonly<Record<ScalarType, number>> = Object.fromEntries(
  SCALAR_TYPES.map((name, index) => [name, [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18][index] as number]),
) as Record<ScalarType, number>;
/** The scalars by their numbers in descriptors. */
export const TYPE_NAMES: ReadonlyMap<number, ScalarType> = new Map(
  SCALAR_TYPES.map((name) => [TYPE_NUMBERS[name], name]),
);
const GROUP = 10;
const MESSAGE = 11;
const ENUM = 14;

const LABEL_NUMBERS: Readonly<Record<Label, number>> = { optional: 1, required: 2, repeated: 3 };

/** Where a field stands beyond its scope. */
export interface FieldRole {
  /** The place of its oneof among those of the message, synthetic ones included. */
  readonly oneofIndex?: number;
  readonly proto3Optional?: true;
  /** Of a field of an extend block: the full name of what it extends, with a leading dot. */
  readonly extendee?: string;
}

/** A field as FieldDescriptorProto. Throws SCHEMA_INVALID for a type that no visible file declares. */
export function describeField(schema: ProtobufSchema, place: FieldPlace, role: FieldRole): DescriptorValue {
  const { field, scope } = place;
  const name = fieldName(field);
  const type = resolveFieldType(schema, place);
  const isMap = type.kind === 'map';
  return {
    name,
    extendee: role.extendee,
    number: field.number,
    label: LABEL_NUMBERS[isMap ? 'repeated' : (field.label ?? 'optional')],
    ...describeType(place, type, scope),
    default_value: field.kind === 'field' ? defaultValue(field, type) : undefined,
    options: encodeOptions(schema, 'FieldOptions', realOptions(field.options), scope),
    oneof_index: role.oneofIndex,
    json_name: jsonName(field.options) ?? jsonNameOf(name),
    proto3_optional: role.proto3Optional,
  };
}

/** The type that a map field adds to its message. */
export function describeMapEntry(schema: ProtobufSchema, place: FieldPlace): DescriptorValue | undefined {
  const { field, scope, file } = place;
  if (field.kind !== 'field' || field.type.kind !== 'map') return undefined;
  const { key, value } = field.type;
  const entryScope = qualified(scope, mapEntryName(field.name));
  const part = (name: string, number: number, type: typeof value): DescriptorValue =>
    describeField(
      schema,
      { field: { kind: 'field', type, name, number, options: [], at: field.at }, scope: entryScope, file },
      {},
    );
  return {
    name: mapEntryName(field.name),
    field: [part('key', 1, { kind: 'scalar', name: key }), part('value', 2, value)],
    // MessageOptions.map_entry = true
    options: Uint8Array.of(0x38, 0x01),
  };
}

/** Whether the presence of a field is tracked by a oneof of its own. */
export function isProto3Optional({ field, file }: FieldPlace): boolean {
  return syntaxOf(file) === 'proto3' && field.label === 'optional';
}

function describeType({ field }: FieldPlace, type: ResolvedType, scope: string): { type: number; type_name?: string } {
  switch (type.kind) {
    case 'scalar':
      return { type: TYPE_NUMBERS[type.name] };
    case 'map':
      return { type: MESSAGE, type_name: `.${qualified(scope, mapEntryName(fieldName(field)))}` };
    case 'enum':
      return { type: ENUM, type_name: `.${type.fullName}` };
    case 'unknown':
      throw schemaInvalid(`"${type.name}" is not defined, the type of field "${fieldName(field)}"`, field.at);
    default:
      return { type: type.kind === 'group' ? GROUP : MESSAGE, type_name: `.${type.fullName}` };
  }
}

/** `default` and `json_name` have fields of their own in a descriptor. */
function realOptions(options: readonly Option[]): Option[] {
  const special = ['default', 'json_name'].map((name) => findOption(options, name));
  return options.filter((option) => !special.includes(option));
}

function jsonName(options: readonly Option[]): string | undefined {
  const option = findOption(options, 'json_name');
  if (option === undefined) return undefined;
  if (option.value.kind !== 'string') throw schemaInvalid('Option "json_name": expected a string in quotes', option.at);
  return option.value.value;
}
