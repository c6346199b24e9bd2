import { type Extend, fieldName } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';
import { syntaxOf } from '../ast/proto-file.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { fileSymbols } from '../resolve/file-symbols.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { checkField } from './check-field.ts';
import { checkFieldNumber, extensionNumberMax, extensionNumbers } from './check-message.ts';

/** The messages that proto3 files may extend, so that they can declare custom options. */
const OPTIONS_MESSAGE = /^google\.protobuf\.[A-Z][A-Za-z]*Options$/;

/** Checks the fields of all extend blocks of the schema's own file. Throws SCHEMA_INVALID. */
export function checkExtensions(schema: ProtobufSchema): void {
  const numbers = new Map<string, string>();
  for (const file of [...schema.imports.values(), schema.file]) {
    for (const { fullName, field, extend, scope } of fileSymbols(file).extensions.values()) {
      const extendee = resolveType(schema, extend.name, scope, file);
      if (extendee === undefined) continue;
      const key = `${extendee.fullName}#${field.number}`;
      const other = numbers.get(key);
      if (other !== undefined && file === schema.file) {
        throw schemaInvalid(
          `"${fullName}" and "${other}" extend "${extendee.fullName}" by one number, ${field.number}`,
          field.at,
        );
      }
      numbers.set(key, fullName);
    }
  }
  const scopes = new Map<Extend, string>();
  for (const { extend, scope } of fileSymbols(schema.file).extensions.values()) scopes.set(extend, scope);
  for (const [extend, scope] of scopes) checkExtend(schema, extend, scope);
}

function checkExtend(schema: ProtobufSchema, extend: Extend, scope: string): void {
  const { file } = schema;
  const extendee = resolveType(schema, extend.name, scope, file);
  if (extendee === undefined)
    throw schemaInvalid(`"${extend.name}" is not defined, which is to be extended`, extend.at);
  const { fullName, type } = extendee;
  if (type.kind !== 'message') throw schemaInvalid(`"${fullName}" is no message and cannot be extended`, extend.at);
  if (syntaxOf(file) === 'proto3' && !OPTIONS_MESSAGE.test(fullName)) {
    throw schemaInvalid(`proto3 extends only the messages of options, not "${fullName}"`, extend.at);
  }
  const numbers = extensionNumbers(type);
  for (const field of [...extend.fields, ...extend.groups]) {
    const name = fieldName(field);
    const refuse = (message: string): Error => schemaInvalid(`Extension "${name}": ${message}`, field.at);
    if (field.label === 'required') throw refuse('an extension cannot be required');
    if (field.kind === 'field' && field.type.kind === 'map') throw refuse('an extension cannot be a map');
    if (findOption(field.options, 'json_name') !== undefined) throw refuse('an extension has no json_name');
    checkFieldNumber(field, extensionNumberMax(type));
    if (!numbers.has(field.number)) throw refuse(`"${fullName}" leaves number ${field.number} to no extension`);
    checkField(schema, { field, scope, file }, { inOneof: false });
  }
}
