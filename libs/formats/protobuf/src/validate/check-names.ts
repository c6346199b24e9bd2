import type { Enum } from '../ast/enum.ts';
import { type Extend, fieldName, type Message, type TypeDeclaration, typesWithin } from '../ast/message.ts';
import type { Position } from '../ast/position.ts';
import { mapEntryName } from '../descriptor/json-name.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { allFields } from '../resolve/field-type.ts';
import { fileSymbols, qualified } from '../resolve/file-symbols.ts';

/** Throws SCHEMA_INVALID when a full name stands for two things, in the schema itself or together with a file that it imports. */
export function checkNames(schema: ProtobufSchema): void {
  const { file } = schema;
  const declared = new Set<string>();
  const declare = (scope: string, name: string, at: Position | undefined): void => {
    const fullName = qualified(scope, name);
    if (declared.has(fullName)) throw schemaInvalid(`"${fullName}" is defined twice`, at);
    declared.add(fullName);
  };
  const addType = (scope: string, type: TypeDeclaration): void => {
    declare(scope, type.name, type.at);
    if (type.kind === 'enum') addValues(scope, type);
    else addMembers(qualified(scope, type.name), type);
  };
  // The values of an enum are its siblings, as in C++.
  const addValues = (scope: string, type: Enum): void => {
    for (const value of type.values) declare(scope, value.name, value.at);
  };
  const addMembers = (scope: string, message: Message): void => {
    for (const field of allFields(message)) declare(scope, fieldName(field), field.at);
    for (const oneof of message.oneofs) declare(scope, oneof.name, oneof.at);
    for (const field of message.fields)
      if (field.type.kind === 'map') declare(scope, mapEntryName(field.name), field.at);
    for (const type of typesWithin(message)) addType(scope, type);
    for (const extend of message.extends) addExtend(scope, extend);
  };
  const addExtend = (scope: string, extend: Extend): void => {
    for (const field of [...extend.fields, ...extend.groups]) declare(scope, fieldName(field), field.at);
  };

  const scope = file.package ?? '';
  for (const type of file.types) addType(scope, type);
  for (const extend of file.extends) {
    addExtend(scope, extend);
    for (const group of extend.groups) addType(scope, group.message);
  }
  for (const service of file.services) {
    declare(scope, service.name, service.at);
    for (const rpc of service.rpcs) declare(qualified(scope, service.name), rpc.name, rpc.at);
  }
  checkImportedNames(schema, declared);
}

function checkImportedNames(schema: ProtobufSchema, declared: ReadonlySet<string>): void {
  for (const [path, imported] of schema.imports) {
    const { types, extensions } = fileSymbols(imported);
    for (const name of [...types.keys(), ...extensions.keys()]) {
      if (declared.has(name)) throw schemaInvalid(`"${name}" is defined here and in the imported file "${path}"`);
    }
  }
}
