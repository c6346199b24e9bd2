import { fieldName, type Message } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';
import { syntaxOf } from '../ast/proto-file.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { type FieldPlace, resolveFieldType } from '../resolve/field-type.ts';
import { MAP_KEY_TYPES } from './check-message.ts';

/** Checks a field against the rules of its file's syntax. Throws SCHEMA_INVALID. */
export function checkField(schema: ProtobufSchema, place: FieldPlace, { inOneof }: { inOneof: boolean }): void {
  const { field, file } = place;
  const name = fieldName(field);
  const syntax = syntaxOf(file);
  const isMap = field.kind === 'field' && field.type.kind === 'map';
  const refuse = (message: string): Error => schemaInvalid(`Field "${name}": ${message}`, field.at);

  if (syntax === 'proto2' && field.label === undefined && !inOneof && !isMap) {
    throw refuse('in proto2 a field is optional, required or repeated');
  }
  if (syntax === 'proto3' && field.label === 'required') throw refuse('proto3 has no required fields');
  if (syntax === 'editions' && (field.label === 'optional' || field.label === 'required')) {
    throw refuse(`editions have no label ${field.label}; features.field_presence takes its place`);
  }
  if (syntax !== 'proto2' && field.kind === 'group') throw refuse('groups belong to proto2');
  if (syntax === 'proto3' && findOption(field.options, 'default') !== undefined) throw refuse('proto3 has no defaults');
  checkFieldType(schema, place, refuse);
}

function checkFieldType(schema: ProtobufSchema, place: FieldPlace, refuse: (message: string) => Error): void {
  const type = resolveFieldType(schema, place);
  if (type.kind === 'map') {
    if (!MAP_KEY_TYPES.has(type.key)) throw refuse(`the key of a map cannot be of type ${type.key}`);
    if (type.value.kind === 'enum' && type.value.type.values[0]?.number !== 0) {
      throw refuse(`the first value of enum "${type.value.fullName}" has to be 0 in a map`);
    }
  }
  const held = type.kind === 'map' ? type.value : type;
  if (held.kind === 'enum' && syntaxOf(place.file) === 'proto3' && syntaxOf(held.file) === 'proto2') {
    throw refuse(`proto3 cannot use the enum "${held.fullName}" of a proto2 file`);
  }
}

/** Checks what a message may have in its file's syntax. */
export function checkMessageSyntax(message: Message, place: Pick<FieldPlace, 'file'>): void {
  const [ranges] = message.extensionRanges;
  if (ranges !== undefined && syntaxOf(place.file) === 'proto3') {
    throw schemaInvalid(`Message "${message.name}" has extension ranges, which proto3 does not know`, ranges.at);
  }
}
