import type { Enum } from '../ast/enum.ts';
import { type Extend, fieldName, type Group, type Message, type TypeDeclaration } from '../ast/message.ts';
import type { Field } from '../ast/field.ts';
import { findOption } from '../ast/option.ts';
import type { NumberRange, Reserved } from '../ast/ranges.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
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
  const extensions = message.extends.map((extend) => describeExtend(context, extend, scope));
  const nested = message.nestedTypes.filter((type) => type.kind === 'message');
  const { fields, oneofs, entries, groups } = describeFields(context, message, scope);
  return {
    name: message.name,
    field: fields,
    nested_type: [
      ...entries,
      ...groups.map((group) => describeMessage(context, group.message, scope)),
      ...extensions.flatMap(({ types }) => types),
      ...nested.map((type) => describeMessage(context, type, scope)),
    ],
    enum_type: describeEnums(context, message.nestedTypes, scope),
    extension_range: message.extensionRanges.flatMap(({ ranges, options }) =>
      ranges.map((range) => ({
        ...exclusive(range, message),
        options: encodeOptions(schema, 'ExtensionRangeOptions', options, scope),
      })),
    ),
    extension: extensions.flatMap(({ fields: added }) => added),
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
  readonly groups: Group[];
}

/** The order is that of the canonical text: fields, those of oneofs, groups. */
function describeFields({ schema, file }: DescribeContext, message: Message, scope: string): DescribedFields {
  const members: { field: Field | Group; oneofIndex?: number }[] = [
    ...message.fields.map((field) => ({ field })),
    ...message.oneofs.flatMap((oneof, oneofIndex) =>
      [...oneof.fields, ...oneof.groups].map((field) => ({ field, oneofIndex })),
    ),
    ...message.groups.map((field) => ({ field })),
  ];
  const taken = new Set([...members.map(({ field }) => fieldName(field)), ...message.oneofs.map(({ name }) => name)]);
  const oneofs: DescriptorValue[] = message.oneofs.map((oneof) => ({
    name: oneof.name,
    options: encodeOptions(schema, 'OneofOptions', oneof.options, scope),
  }));
  const fields = members.map(({ field, oneofIndex }) => {
    const place = { field, scope, file };
    if (!isProto3Optional(place)) return describeField(schema, place, { oneofIndex });
    oneofs.push({ name: syntheticOneofName(fieldName(field), taken) });
    return describeField(schema, place, { oneofIndex: oneofs.length - 1, proto3Optional: true });
  });
  const entries = message.fields
    .map((field) => describeMapEntry(schema, { field, scope, file }))
    .filter((entry) => entry !== undefined);
  return { fields, oneofs, entries, groups: members.flatMap(({ field }) => (field.kind === 'group' ? [field] : [])) };
}

function syntheticOneofName(field: string, taken: Set<string>): string {
  let name = field.startsWith('_') ? field : `_${field}`;
  while (taken.has(name)) name = `X${name}`;
  taken.add(name);
  return name;
}

/** The fields that a block adds to another message, and the types of the groups among them. */
export function describeExtend(
  context: DescribeContext,
  extend: Extend,
  scope: string,
): { fields: DescriptorValue[]; types: DescriptorValue[] } {
  const { schema, file } = context;
  const extendee = resolveType(schema, extend.name, scope, file);
  if (extendee === undefined)
    throw schemaInvalid(`"${extend.name}" is not defined, which is to be extended`, extend.at);
  const members = [...extend.fields, ...extend.groups];
  const role = { extendee: `.${extendee.fullName}` };
  return {
    fields: members.map((field) => {
      const place = { field, scope, file };
      return describeField(schema, place, isProto3Optional(place) ? { ...role, proto3Optional: true } : role);
    }),
    types: extend.groups.map((group) => describeMessage(context, group.message, scope)),
  };
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
