import type { Enum } from '../ast/enum.ts';
import type { Field } from '../ast/field.ts';
import type { Extend, Group, Message, Oneof } from '../ast/message.ts';
import type { NumberRange, Reserved } from '../ast/ranges.ts';
import { mapOfEntry } from '../normalize/map-of-entry.ts';
import type { EnumDescriptor, FieldDescriptor, MessageDescriptor, RangeDescriptor } from './descriptor-shape.ts';
import { dottedName, identifier } from './descriptor-name.ts';
import { fieldOf, fieldOptions, isGroup, labelOf, type ReadContext } from './field-of-descriptor.ts';

const INT32_MAX = 2_147_483_647;
const FIELD_NUMBER_END = 536_870_912;

/**
 * A message of a descriptor: entries of maps become map fields again, groups groups, and oneofs of single optional fields go.
 * `index`: its place in its scope.
 */
export function messageOf(context: ReadContext, descriptor: MessageDescriptor, index: number): Message {
  const nested = (descriptor.nested_type ?? []).map((type, place) => messageOf(context, type, place));
  const extensions = descriptor.extension ?? [];
  const members = membersOf(context, descriptor, nested);
  const asGroups = new Set([...(descriptor.field ?? []), ...extensions].filter(isGroup).map(lastName));
  const oneofs = (descriptor.oneof_decl ?? []).map(({ name, options }, place): Oneof => ({
    name: identifier(name),
    options: context.options('OneofOptions', options),
    ...apart(members.filter((member) => member.oneof === place)),
  }));
  return {
    kind: 'message',
    name: identifier(descriptor.name),
    options: context.options('MessageOptions', descriptor.options),
    reserved: reservedOf(descriptor.reserved_range, descriptor.reserved_name, exclusiveRange),
    ...apart(members.filter((member) => member.oneof === undefined)),
    oneofs: oneofs.filter(({ fields, groups }) => fields.length + groups.length > 0),
    extensionRanges: (descriptor.extension_range ?? []).map((range) => ({
      ranges: [exclusiveRange(range)],
      options: context.options('ExtensionRangeOptions', range.options),
    })),
    nestedTypes: [
      ...nested.filter((type) => mapOfEntry(type) === undefined && !asGroups.has(type.name)),
      ...(descriptor.enum_type ?? []).map((type) => enumOf(context, type)),
    ],
    extends: extendsOf(context, extensions, nested),
    at: { line: index + 1, column: 1 },
  };
}

/** Extensions as blocks, one for each message that they extend. `types` are those of the same scope, for groups. */
export function extendsOf(
  context: ReadContext,
  extensions: readonly FieldDescriptor[],
  types: readonly Message[],
): Extend[] {
  const byName = new Map<string, FieldDescriptor[]>();
  for (const extension of extensions) {
    const name = dottedName(extension.extendee);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [extension]);
    else same.push(extension);
  }
  return [...byName].map(([name, fields]) => ({
    name,
    ...apart(fields.map((field) => ({ part: memberOf(context, field, types, false) }))),
  }));
}

export function enumOf(context: ReadContext, descriptor: EnumDescriptor): Enum {
  return {
    kind: 'enum',
    name: identifier(descriptor.name),
    options: context.options('EnumOptions', descriptor.options),
    reserved: reservedOf(descriptor.reserved_range, descriptor.reserved_name, ({ start = 0, end = 0 }) => ({
      from: start,
      to: end === INT32_MAX ? 'max' : end,
    })),
    values: (descriptor.value ?? []).map(({ name, number = 0, options }) => ({
      name: identifier(name),
      number,
      options: context.options('EnumValueOptions', options),
    })),
  };
}

interface Member {
  readonly part: Field | Group;
  /** The place of its oneof; undefined outside of oneofs and for a field whose oneof only tracks presence. */
  readonly oneof?: number | undefined;
}

function membersOf(context: ReadContext, descriptor: MessageDescriptor, nested: readonly Message[]): Member[] {
  const entries = new Map(nested.map((type) => [type.name, mapOfEntry(type)]));
  return (descriptor.field ?? []).map((field) => {
    const oneof = field.proto3_optional === true ? undefined : field.oneof_index;
    const map = entries.get(lastName(field));
    if (map !== undefined) return { part: fieldOf(context, field, { inOneof: false, map }), oneof };
    return { part: memberOf(context, field, nested, oneof !== undefined), oneof };
  });
}

function memberOf(
  context: ReadContext,
  field: FieldDescriptor,
  types: readonly Message[],
  inOneof: boolean,
): Field | Group {
  const message = isGroup(field) ? types.find(({ name }) => name === lastName(field)) : undefined;
  if (message === undefined) return fieldOf(context, field, { inOneof });
  const label = inOneof ? undefined : labelOf(context, field);
  return {
    kind: 'group',
    ...(label === undefined ? {} : { label }),
    number: field.number ?? 0,
    options: fieldOptions(context, field, { kind: 'named', name: message.name }),
    message,
  };
}

function lastName({ type_name: typeName = '' }: FieldDescriptor): string {
  return typeName.slice(typeName.lastIndexOf('.') + 1);
}

function apart(members: readonly Member[]): { fields: Field[]; groups: Group[] } {
  const parts = members.map(({ part }) => part);
  return {
    fields: parts.filter((part) => part.kind === 'field'),
    groups: parts.filter((part) => part.kind === 'group'),
  };
}

function reservedOf(
  ranges: readonly RangeDescriptor[] = [],
  names: readonly string[] = [],
  asRange: (range: RangeDescriptor) => NumberRange,
): Reserved[] {
  return [...ranges.map((range) => ({ values: [asRange(range)] })), ...names.map((name) => ({ values: [name] }))];
}

function exclusiveRange({ start = 0, end = 0 }: RangeDescriptor): NumberRange {
  return { from: start, to: end >= FIELD_NUMBER_END ? 'max' : end - 1 };
}
