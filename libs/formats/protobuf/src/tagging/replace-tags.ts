import type { Field } from '../ast/field.ts';
import type { Group, Message, Oneof } from '../ast/message.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import { optionsWithTags } from './meta-tags.ts';
import type { TagPart } from './tag-places.ts';

type NewTags = ReadonlyMap<TagPart, readonly string[]>;

/** The file with the tags of some of its messages and fields replaced. */
export function replaceTags(file: ProtoFile, tags: NewTags): ProtoFile {
  return { ...file, types: file.types.map((type) => (type.kind === 'message' ? inMessage(type, tags) : type)) };
}

function inMessage(message: Message, tags: NewTags): Message {
  const own = tags.get(message);
  return {
    ...message,
    options: own === undefined ? message.options : optionsWithTags(message.options, 'confluent.message_meta', own),
    ...inFields(message, tags),
    oneofs: message.oneofs.map((oneof) => ({ ...oneof, ...inFields(oneof, tags) })),
    nestedTypes: message.nestedTypes.map((type) => (type.kind === 'message' ? inMessage(type, tags) : type)),
  };
}

function inFields(
  { fields, groups }: Pick<Oneof, 'fields' | 'groups'>,
  tags: NewTags,
): Pick<Oneof, 'fields' | 'groups'> {
  return {
    fields: fields.map((field) => inField(field, tags)),
    groups: groups.map((group) => ({ ...inField(group, tags), message: inMessage(group.message, tags) })),
  };
}

function inField<F extends Field | Group>(field: F, tags: NewTags): F {
  const own = tags.get(field);
  return own === undefined ? field : { ...field, options: optionsWithTags(field.options, 'confluent.field_meta', own) };
}
