import { fieldName } from '../ast/message.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { allFields } from '../resolve/field-type.ts';

const RESERVED_PREFIX = '$$';

/**
 * The names of the fields of the first message, which is what a schema stands for. The registry compares them with the metadata
 * property `confluent:reserved`.
 */
export function fieldNames(schema: ProtobufSchema): string[] {
  const message = schema.file.types.find((type) => type.kind === 'message');
  return message === undefined ? [] : allFields(message).map(fieldName);
}

/** Refuses names of fields that start with `$$`, which Confluent keeps for itself. Throws SCHEMA_INVALID naming the first. */
export function validateFieldNames(schema: ProtobufSchema): void {
  const name = fieldNames(schema).find((each) => each.startsWith(RESERVED_PREFIX));
  if (name !== undefined) throw schemaInvalid(`Field "${name}" has a name that starts with "${RESERVED_PREFIX}"`);
}
