import type { Service } from '../ast/service.ts';
import { fileLayoutOf, typesOfFile } from '../ast/type-order.ts';
import type { Position } from '../ast/position.ts';
import { schemaInvalid } from '../errors.ts';
import { encodeOptions } from '../options/encode-options.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import {
  type DescribeContext,
  describeEnums,
  describeExtend,
  describeMessage,
  extendsInOrder,
} from './describe-message.ts';
import type { DescriptorValue } from './descriptor-value.ts';
import { encodeDescriptor } from './encode-descriptor.ts';

/** The name that Confluent gives to a schema that has none. */
const FILE_NAME = 'default';
const EDITION_NUMBERS: Readonly<Record<string, number>> = { '2023': 1000, '2024': 1001 };

/**
 * The schema as a serialized FileDescriptorProto, as protoc makes it of the canonical text, without source positions: names
 * resolved, map entries and synthetic oneofs written out, options interpreted. Throws SCHEMA_INVALID for what does not resolve.
 */
export function serializeFile(schema: ProtobufSchema, name = FILE_NAME): Buffer {
  return encodeDescriptor('FileDescriptorProto', describeFile(schema, name));
}

function describeFile(schema: ProtobufSchema, name: string): DescriptorValue {
  const { file } = schema;
  const context = { schema, file };
  const scope = file.package ?? '';
  const imports = (['plain', 'public', 'weak'] as const).flatMap((kind) =>
    file.imports.filter((each) => each.kind === kind),
  );
  const indexesOf = (kind: string): number[] => imports.flatMap((each, index) => (each.kind === kind ? [index] : []));
  return {
    name,
    package: file.package,
    dependency: imports.map(({ path }) => path),
    public_dependency: indexesOf('public'),
    weak_dependency: indexesOf('weak'),
    message_type: typesOfFile(file).map((type) => describeMessage(context, type, scope)),
    enum_type: describeEnums(context, file.types, scope),
    service: file.services.map((service) => describeService(context, service, scope)),
    extension: extendsInOrder(fileLayoutOf(file)).flatMap((extend) => describeExtend(context, extend, scope)),
    options: encodeOptions(schema, 'FileOptions', file.options, scope),
    ...describeSyntax(schema),
  };
}

/** Proto2 is what a descriptor without a syntax has. */
function describeSyntax({ file }: ProtobufSchema): { syntax?: string; edition?: number } {
  if (file.edition === undefined) return file.syntax === 'proto3' ? { syntax: 'proto3' } : {};
  const edition = EDITION_NUMBERS[file.edition];
  if (edition === undefined) throw schemaInvalid(`Edition ${file.edition} is unknown: 2023 and 2024 are known`);
  return { syntax: 'editions', edition };
}

function describeService({ schema, file }: DescribeContext, service: Service, outer: string): DescriptorValue {
  const scope = qualified(outer, service.name);
  const typeName = (name: string, at?: Position): string => {
    const symbol = resolveType(schema, name, scope, file);
    if (symbol === undefined) throw schemaInvalid(`"${name}" is not defined`, at);
    return `.${symbol.fullName}`;
  };
  return {
    name: service.name,
    method: service.rpcs.map((rpc) => ({
      name: rpc.name,
      input_type: typeName(rpc.requestType, rpc.at),
      output_type: typeName(rpc.responseType, rpc.at),
      options: encodeOptions(schema, 'MethodOptions', rpc.options, scope),
      client_streaming: rpc.requestStreaming || undefined,
      server_streaming: rpc.responseStreaming || undefined,
    })),
    options: encodeOptions(schema, 'ServiceOptions', service.options, outer),
  };
}
