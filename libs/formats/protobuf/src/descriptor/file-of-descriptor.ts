import type { Import, ProtoFile } from '../ast/proto-file.ts';
import type { Service } from '../ast/service.ts';
import { schemaInvalid } from '../errors.ts';
import type { FileDescriptor, ServiceDescriptor } from './descriptor-shape.ts';
import { dottedName, identifier } from './descriptor-name.ts';
import type { ReadContext } from './field-of-descriptor.ts';
import { enumOf, extendsOf, messageOf } from './message-of-descriptor.ts';

const EDITIONS: Readonly<Record<number, string>> = { 1000: '2023', 1001: '2024' };

/** The .proto file that a descriptor was made of, as far as descriptors tell. Throws SCHEMA_INVALID. */
export function fileOf(descriptor: FileDescriptor, options: ReadContext['options']): ProtoFile {
  const declared = syntaxOfDescriptor(descriptor);
  const context = {
    syntax: declared.edition === undefined ? (declared.syntax ?? 'proto2') : ('editions' as const),
    options,
  };
  const messages = (descriptor.message_type ?? []).map((type, index) => messageOf(context, type, index));
  const extensions = extendsOf(context, descriptor.extension ?? [], messages);
  const asGroups = new Set(extensions.flatMap(({ groups }) => groups.map(({ message }) => message)));
  return {
    ...declared,
    ...(descriptor.package ? { package: dottedName(descriptor.package) } : {}),
    imports: importsOf(descriptor),
    options: options('FileOptions', descriptor.options),
    types: [
      ...messages.filter((message) => !asGroups.has(message)),
      ...(descriptor.enum_type ?? []).map((type) => enumOf(context, type)),
    ],
    extends: extensions,
    services: (descriptor.service ?? []).map((service) => serviceOf(context, service)),
  };
}

function syntaxOfDescriptor({ syntax = '', edition = 0 }: FileDescriptor): Pick<ProtoFile, 'syntax' | 'edition'> {
  if (syntax === '') return {};
  if (syntax === 'proto2' || syntax === 'proto3') return { syntax };
  const name = EDITIONS[edition];
  if (syntax === 'editions' && name !== undefined) return { edition: name };
  throw schemaInvalid(
    `The serialized descriptor has the unknown syntax ${JSON.stringify(syntax)} (edition ${edition})`,
  );
}

function importsOf({ dependency = [], public_dependency, weak_dependency }: FileDescriptor): Import[] {
  const isPublic = new Set(public_dependency);
  const isWeak = new Set(weak_dependency);
  return dependency.map((path, index) => ({
    path,
    kind: isPublic.has(index) ? 'public' : isWeak.has(index) ? 'weak' : 'plain',
  }));
}

function serviceOf({ options }: ReadContext, service: ServiceDescriptor): Service {
  return {
    name: identifier(service.name),
    options: options('ServiceOptions', service.options),
    rpcs: (service.method ?? []).map((method) => ({
      name: identifier(method.name),
      requestType: dottedName(method.input_type),
      requestStreaming: method.client_streaming === true,
      responseType: dottedName(method.output_type),
      responseStreaming: method.server_streaming === true,
      options: options('MethodOptions', method.options),
    })),
  };
}
