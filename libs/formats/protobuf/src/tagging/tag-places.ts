import type { TagPlace } from '#libs/formats/schema';
import type { Field } from '../ast/field.ts';
import { fieldName, type Group, type Message } from '../ast/message.ts';
import type { ProtoFile } from '../ast/proto-file.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { tagsAmong } from './meta-tags.ts';

/** A message, or a field of one; a group is both, by its two parts. */
export type TagPart = Message | Field | Group;

/** The messages of a file and their fields, by their names without the package. */
export function* placesOf(file: ProtoFile): Generator<TagPlace<TagPart>, void> {
  for (const type of file.types) if (type.kind === 'message') yield* placesIn(type, '', file.package);
}

function* placesIn(message: Message, scope: string, space: string | undefined): Generator<TagPlace<TagPart>, void> {
  const path = qualified(scope, message.name);
  yield {
    entity: { entityPath: path, entityType: 'sr_record' },
    aliases: space === undefined ? [] : [`${space}.${path}`],
    part: message,
    tags: tagsAmong(message.options, 'confluent.message_meta'),
  };
  for (const field of [...message.fields, ...message.groups]) yield fieldPlace(field, path, space);
  for (const oneof of message.oneofs) {
    for (const field of [...oneof.fields, ...oneof.groups]) yield fieldPlace(field, path, space, oneof.name);
  }
  const groups = [...message.groups, ...message.oneofs.flatMap((oneof) => oneof.groups)];
  for (const type of [...groups.map((group) => group.message), ...message.nestedTypes]) {
    if (type.kind === 'message') yield* placesIn(type, path, space);
  }
}

/** A field of a oneof may also be named with the oneof in between. */
function fieldPlace(
  field: Field | Group,
  message: string,
  space: string | undefined,
  oneof?: string,
): TagPlace<TagPart> {
  const path = `${message}.${fieldName(field)}`;
  const paths = oneof === undefined ? [path] : [path, `${message}.${oneof}.${fieldName(field)}`];
  const withPackage = space === undefined ? [] : paths.map((each) => `${space}.${each}`);
  return {
    entity: { entityPath: path, entityType: 'sr_field' },
    aliases: [...paths.slice(1), ...withPackage],
    part: field,
    tags: tagsAmong(field.options, 'confluent.field_meta'),
  };
}
