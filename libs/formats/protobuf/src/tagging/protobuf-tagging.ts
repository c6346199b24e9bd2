import { type SchemaTagging, taggedPlaces, tagsAfter } from '#libs/formats/schema';
import { printProtoFile } from '../print/print-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { replaceTags } from './replace-tags.ts';
import { placesOf } from './tag-places.ts';

/**
 * Tags in the options `(confluent.message_meta)` and `(confluent.field_meta)`. A message's path is its name within those around
 * it, without the package, a field's that of its message and its own name: `Order.Line.id`. The package in front and, for a
 * field of a oneof, the oneof in between may be given too. The file does not come to import what declares the options: Confluent's
 * registry adds no import, and the text is the schema's identity. Every file knows these options without.
 */
export const protobufTagging: SchemaTagging<ProtobufSchema> = {
  change({ file }, add, remove, unknown) {
    return printProtoFile(replaceTags(file, tagsAfter(placesOf(file), add, remove, unknown)));
  },
  find: ({ file }) => taggedPlaces(placesOf(file)),
};
