import type { Enum } from '../ast/enum.ts';
import { type Extend, fieldName, type Group, type Message, type Oneof, type TypeDeclaration } from '../ast/message.ts';
import type { Field } from '../ast/field.ts';
import { findOption } from '../ast/option.ts';
import type { NumberRange, Reserved } from '../ast/ranges.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import { type Layout, layoutOf, typesOfMessage } from '../ast/type-order.ts';
import { schemaInvalid } from '../errors.ts';
import { encodeOptions } from '../options/encode-options.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { describeField, describeMapEntry, isProto3Optional } from './describe-field.ts';
import type { DescriptorValue } from './descriptor-value.ts';

const INT32_MAX = 2_147_483_647;
/** The number after the highest one of a field: ends of ranges in messages are exclusive. */
const FIELD_NUMBER_END = 536_870_912;

/** Declarations as descriptors, from within one file of a schema. */
export interface DescribeContext {
  readonly schema: ProtobufSchema;
  readonly file: ProtoFile;
}

/** A message as DescriptorProto. `outer` is the full name of what it stands in; options are resolved from there. */
export function describeMessage(context: DescribeContext, message: Message, outer: string): DescriptorValue {
  const { schema } = context;
  const scope = qualified(outer, message.name);
  const { fields, oneofs, entries } = describeFields(context, message, scope);
  return {
    name: message.name,
    field: fields,
    nested_type: [...entries, ...typesOfMessage(message).map((type) => describeMessage(context, type, scope))],
    enum_type: describeEnums(context, message.nestedTypes, scope),
    extension_range: message.extensionRanges.flatMap(({ ranges, options }) =>
      ranges.map((range) => ({
        ...exclusive(range, message),
        options: encodeOptions(schema, 'ExtensionRangeOptions', options, scope),
      })),
    ),
    extension: extendsInOrder(layoutOf(message)).flatMap((extend) => describeExtend(context, extend, scope)),
    options: encodeOptions(schema, 'MessageOptions', message.options, outer),
    oneof_decl: oneofs,
    reserved_range: ranges(message.reserved).map((range) => exclusive(range, message)),
    reserved_name: names(message.reserved),
  };
}

interface DescribedFields {
  readonly fields: DescriptorValue[];
  readonly oneofs: DescriptorValue[];
  readonly entries: DescriptorValue[];
}

/** The order is that of the canonical text: fields, those of oneofs, groups, and both again where types are in another order. */
function describeFields({ schema, file }: DescribeContext, message: Message, scope: string): DescribedFields {
  const layout = layoutOf(message);
  const members: { field: Field | Group; oneofIndex?: number }[] = message.fields.map((field) => ({ field }));
  const oneofs: DescriptorValue[] = [];
  const addOneof = (oneof: Oneof): void => {
    const oneofIndex = oneofs.length;
    oneofs.push({ name: oneof.name, options: encodeOptions(schema, 'OneofOptions', oneof.options, scope) });
    for (const field of [...oneof.fields, ...oneof.groups]) members.push({ field, oneofIndex });
  };
  for (const oneof of layout.oneofs) addOneof(oneof);
  for (const field of layout.groups) members.push({ field });
  for (const declaration of layout.declarations) {
    if (declaration.kind === 'oneof') addOneof(declaration.oneof);
    if (declaration.kind === 'group') members.push({ field: declaration.group });
  }
  const taken = new Set([...members.map(({ field }) => fieldName(field)), ...message.oneofs.map(({ name }) => name)]);
  const fields = members.map(({ field, oneofIndex }) => {
    const place = { field, scope, file };
    if (!isProto3Optional(place)) return describeField(schema, place, { oneofIndex });
    oneofs.push({ name: syntheticOneofName(fieldName(field), taken) });
    return describeField(schema, place, { oneofIndex: oneofs.length - 1, proto3Optional: true });
  });
  const entries = message.fields
    .map((field) => describeMapEntry(schema, { field, scope, file }))
    .filter((entry) => entry !== undefined);
  return { fields, oneofs, entries };
}

function syntheticOneofName(field: string, taken: Set<string>): string {
  let name = field.startsWith('_') ? field : `_${field}`;
  while (taken.has(name)) name = `X${name}`;
  taken.add(name);
  return name;
}

/** Extend blocks in the order of the canonical text. */
export function extendsInOrder({ extends: blocks, declarations }: Pick<Layout, 'extends' | 'declarations'>): Extend[] {
  return [...blocks, ...declarations.flatMap((each) => (each.kind === 'extend' ? [each.extend] : []))];
}

/** The fields that a block adds to another message. */
export function describeExtend({ schema, file }: DescribeContext, extend: Extend, scope: string): DescriptorValue[] {
  const extendee = resolveType(schema, extend.name, scope, file);
  if (extendee === undefined)
    throw schemaInvalid(`"${extend.name}" is not defined, which is to be extended`, extend.at);
  const members = [...extend.fields, ...extend.groups];
  const role = { extendee: `.${extendee.fullName}` };
  return members.map((field) => {
    const place = { field, scope, file };
    return describeField(schema, place, isProto3Optional(place) ? { ...role, proto3Optional: true } : role);
  });
}

/** The enums among the types of a scope, as EnumDescriptorProto. */
export function describeEnums(
  context: DescribeContext,
  types: readonly TypeDeclaration[],
  scope: string,
): DescriptorValue[] {
  return types.flatMap((type) => (type.kind === 'enum' ? [describeEnum(context, type, scope)] : []));
}

function describeEnum({ schema }: DescribeContext, type: Enum, scope: string): DescriptorValue {
  return {
    name: type.name,
    value: type.values.map(({ name, number, options }) => ({
      name,
      number,
      options: encodeOptions(schema, 'EnumValueOptions', options, scope),
    })),
    options: encodeOptions(schema, 'EnumOptions', type.options, scope),
    reserved_range: ranges(type.reserved).map(({ from, to }) => ({ start: from, end: to === 'max' ? INT32_MAX : to })),
    reserved_name: names(type.reserved),
  };
}

function exclusive({ from, to }: NumberRange, message: Message): { start: number; end: number } {
  if (to !== 'max') return { start: from, end: to + 1 };
  const messageSet = findOption(message.options, 'message_set_wire_format')?.value;
  const wide = messageSet?.kind === 'identifier' && messageSet.name === 'true';
  return { start: from, end: wide ? INT32_MAX : FIELD_NUMBER_END };
}

function ranges(reserved: readonly Reserved[]): NumberRange[] {
  return reserved.flatMap(({ values }) => values.filter((value) => typeof value !== 'string'));
}

function names(reserved: readonly Reserved[]): string[] {
  return reserved.flatMap(({ values }) => values.filter((value) => typeof value === 'string'));
}
