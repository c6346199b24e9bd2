import { type SchemaTagging, taggedPlaces, tagsAfter } from '#libs/formats/schema';
import type { ProtoFile } from '../ast/proto-file.ts';
import { printProtoFile } from '../print/print-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { resolveExtension } from '../resolve/resolve-name.ts';
import { replaceTags } from './replace-tags.ts';
import { placesOf } from './tag-places.ts';

const META_PROTO = 'confluent/meta.proto';

/**
 * Tags in the options `(confluent.message_meta)` and `(confluent.field_meta)`. A message's path is its name within those around
 * it, without the package, a field's that of its message and its own name: `Order.Line.id`. The package in front and, for a
 * field of a oneof, the oneof in between may be given too. A file that gets tags imports what declares the options.
 */
export const protobufTagging: SchemaTagging<ProtobufSchema> = {
  change(schema, add, remove, unknown) {
    const after = tagsAfter(placesOf(schema.file), add, remove, unknown);
    const file = replaceTags(schema.file, after);
    const isTagged = [...after.values()].some((tags) => tags.length > 0);
    return printProtoFile(isTagged ? withMetaImport(schema, file) : file);
  },
  find: ({ file }) => taggedPlaces(placesOf(file)),
};

/** Confluent's registry knows the options without it; protoc and everything built on it does not. */
function withMetaImport(schema: ProtobufSchema, file: ProtoFile): ProtoFile {
  if (resolveExtension(schema, '.confluent.field_meta', '') !== undefined) return file;
  if (file.imports.some(({ path }) => path === META_PROTO)) return file;
  return { ...file, imports: [...file.imports, { path: META_PROTO, kind: 'plain' }] };
}
