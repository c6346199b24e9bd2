import type { Import, ProtoFile } from '../ast/proto-file.ts';
import type { Service } from '../ast/service.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from '../resolve/file-symbols.ts';
import { ascending } from './ascending.ts';
import { normalExtends, normalTypes, typeName } from './normal-message.ts';
import { normalOptions } from './normal-options.ts';

/**
 * The schema in normal form, in which texts that say the same in another order are equal: imports, options, fields, values of
 * enums and reserved numbers sorted, names of types and custom options in full, spelled out entries of maps as maps, `proto2`
 * undeclared. Messages, services and rpcs keep their order, which clients depend on. Idempotent.
 */
export function normalizeSchema(schema: ProtobufSchema): ProtobufSchema {
  const { file, imports } = schema;
  const { syntax, ...rest } = file;
  const scope = file.package ?? '';
  const normal: ProtoFile = {
    ...rest,
    ...(syntax === 'proto3' ? { syntax } : {}),
    imports: normalImports(file.imports),
    options: normalOptions(schema, 'FileOptions', file.options, scope),
    types: normalTypes(schema, file.types, scope),
    extends: normalExtends(schema, file.extends, scope),
    services: file.services.map((service) => normalService(schema, service, scope)),
  };
  return { file: normal, imports };
}

function normalImports(imports: readonly Import[]): Import[] {
  const unique = new Map(imports.map((each) => [`${each.kind} ${each.path}`, each]));
  return [...unique.values()].sort((a, b) => ascending(a.path, b.path));
}

function normalService(schema: ProtobufSchema, service: Service, outer: string): Service {
  const scope = qualified(outer, service.name);
  return {
    ...service,
    options: normalOptions(schema, 'ServiceOptions', service.options, outer),
    rpcs: service.rpcs.map((rpc) => ({
      ...rpc,
      requestType: typeName(schema, rpc.requestType, scope),
      responseType: typeName(schema, rpc.responseType, scope),
      options: normalOptions(schema, 'MethodOptions', rpc.options, scope),
    })),
  };
}
