import type { Message } from '../ast/message.ts';
import type { Import } from '../ast/proto-file.ts';
import { serializeFile } from '../descriptor/describe-file.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { allFields } from '../resolve/field-type.ts';
import { fileSymbols, qualified } from '../resolve/file-symbols.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { checkEnum } from './check-enum.ts';
import { checkExtensions } from './check-extensions.ts';
import { checkField, checkMessageSyntax } from './check-field.ts';
import { checkMessage } from './check-message.ts';
import { checkNames } from './check-names.ts';

/** Checks a new schema as protoc does a file: imports, names, numbers, types, defaults and options. Throws SCHEMA_INVALID. */
export function validateSchema(schema: ProtobufSchema): void {
  checkImports(schema);
  const { types } = fileSymbols(schema.file);
  checkNames(schema);
  for (const { fullName, type, file } of types.values()) {
    if (type.kind === 'enum') checkEnum(type, fullName, file);
    else checkMessageWithFields(schema, type, fullName);
  }
  checkExtensions(schema);
  checkServices(schema);
  // Writing the descriptor resolves every type, default and option.
  serializeFile(schema);
}

function checkImports(schema: ProtobufSchema): void {
  const missing = ({ path }: Import): boolean => !schema.imports.has(path);
  const own = schema.file.imports.find(missing);
  if (own !== undefined) {
    throw schemaInvalid(`The import "${own.path}" is missing: add a reference whose name is "${own.path}"`, own.at);
  }
  for (const [path, file] of schema.imports) {
    const inner = file.imports.find(missing);
    if (inner === undefined) continue;
    throw schemaInvalid(
      `The import "${inner.path}" of "${path}" is missing: add a reference whose name is "${inner.path}"`,
    );
  }
}

function checkMessageWithFields(schema: ProtobufSchema, message: Message, fullName: string): void {
  const { file } = schema;
  checkMessageSyntax(message, { file });
  checkMessage(message, fullName);
  const inOneofs = new Set(message.oneofs.flatMap((oneof) => [...oneof.fields, ...oneof.groups]));
  for (const field of allFields(message)) {
    checkField(schema, { field, scope: fullName, file }, { inOneof: inOneofs.has(field) });
  }
}

function checkServices(schema: ProtobufSchema): void {
  for (const service of schema.file.services) {
    const scope = qualified(schema.file.package ?? '', service.name);
    for (const { requestType, responseType, at } of service.rpcs) {
      for (const name of [requestType, responseType]) {
        const symbol = resolveType(schema, name, scope);
        if (symbol === undefined) throw schemaInvalid(`"${name}" is not defined`, at);
        if (symbol.type.kind !== 'message') throw schemaInvalid(`"${name}" is no message`, at);
      }
    }
  }
}
