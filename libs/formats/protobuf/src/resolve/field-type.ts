import type { Enum, EnumValue } from '../ast/enum.ts';
import type { Field, ScalarType, SingularType } from '../ast/field.ts';
import { fieldName, type Group, type Message } from '../ast/message.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from './file-symbols.ts';
import { resolveType } from './resolve-name.ts';

/** A field with the place from which the name of its type is resolved. */
export interface FieldPlace {
  readonly field: Field | Group;
  readonly scope: string;
  readonly file: ProtoFile;
}

/** A message with its full name and file. */
export interface MessagePlace {
  readonly fullName: string;
  readonly message: Message;
  readonly file: ProtoFile;
}

/** What a field holds; of a map the key and what its values hold. `unknown` when no visible file declares the type. */
export type ResolvedType =
  | { readonly kind: 'scalar'; readonly name: ScalarType }
  | ({ readonly kind: 'message' | 'group' } & MessagePlace)
  | { readonly kind: 'enum'; readonly fullName: string; readonly type: Enum; readonly file: ProtoFile }
  | { readonly kind: 'map'; readonly key: ScalarType; readonly value: Exclude<ResolvedType, { kind: 'map' }> }
  | { readonly kind: 'unknown'; readonly name: string };

/** Resolves the type of a field of any file of the schema. */
export function resolveFieldType(schema: ProtobufSchema, { field, scope, file }: FieldPlace): ResolvedType {
  if (field.kind === 'group') {
    return { kind: 'group', fullName: qualified(scope, field.message.name), message: field.message, file };
  }
  const { type } = field;
  if (type.kind !== 'map') return resolveSingular(schema, type, scope, file);
  return { kind: 'map', key: type.key, value: resolveSingular(schema, type.value, scope, file) };
}

function resolveSingular(
  schema: ProtobufSchema,
  type: SingularType,
  scope: string,
  file: ProtoFile,
): Exclude<ResolvedType, { kind: 'map' }> {
  if (type.kind === 'scalar') return type;
  const symbol = resolveType(schema, type.name, scope, file);
  if (symbol === undefined) return { kind: 'unknown', name: type.name };
  const { fullName, type: declared } = symbol;
  return declared.kind === 'enum'
    ? { kind: 'enum', fullName, type: declared, file: symbol.file }
    : { kind: 'message', fullName, message: declared, file: symbol.file };
}

/** All fields of a message, those of its oneofs and groups included. */
export function allFields(message: Message): (Field | Group)[] {
  return [
    ...message.fields,
    ...message.oneofs.flatMap((oneof) => [...oneof.fields, ...oneof.groups]),
    ...message.groups,
  ];
}

/** The field of a message by its name in descriptors. */
export function findField(place: MessagePlace, name: string): FieldPlace | undefined {
  return placed(place, fieldIndex(place.message).byName.get(name));
}

/** The field of a message by its name in protobuf's text format, where a group goes by the name of its type too. */
export function findTextField(place: MessagePlace, name: string): FieldPlace | undefined {
  const { byName, groupsByType } = fieldIndex(place.message);
  return placed(place, groupsByType.get(name) ?? byName.get(name));
}

/** The field of a message by its number. */
export function findFieldByNumber(place: MessagePlace, number: number): FieldPlace | undefined {
  return placed(place, fieldIndex(place.message).byNumber.get(number));
}

/** The value of an enum by its name. */
export function findEnumValue(type: Enum, name: string): EnumValue | undefined {
  let byName = valuesByEnum.get(type);
  if (byName === undefined) {
    byName = new Map(type.values.map((value) => [value.name, value]));
    valuesByEnum.set(type, byName);
  }
  return byName.get(name);
}

interface FieldIndex {
  readonly byName: ReadonlyMap<string, Field | Group>;
  readonly groupsByType: ReadonlyMap<string, Field | Group>;
  readonly byNumber: ReadonlyMap<number, Field | Group>;
}

/** Options may set thousands of fields of a message with thousands: what is looked up is indexed once. */
const indexByMessage = new WeakMap<Message, FieldIndex>();
const valuesByEnum = new WeakMap<Enum, ReadonlyMap<string, EnumValue>>();

function fieldIndex(message: Message): FieldIndex {
  let index = indexByMessage.get(message);
  if (index === undefined) {
    const fields = allFields(message);
    index = {
      byName: new Map(fields.map((field) => [fieldName(field), field])),
      groupsByType: new Map(fields.flatMap((field) => (field.kind === 'group' ? [[field.message.name, field]] : []))),
      byNumber: new Map(fields.map((field) => [field.number, field])),
    };
    indexByMessage.set(message, index);
  }
  return index;
}

function placed({ fullName, file }: MessagePlace, field: Field | Group | undefined): FieldPlace | undefined {
  return field === undefined ? undefined : { field, scope: fullName, file };
}
