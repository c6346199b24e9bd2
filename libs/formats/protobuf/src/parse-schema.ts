import { type Dependency, SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Option } from './ast/option.ts';
import { decodeDescriptor } from './descriptor/decode-descriptor.ts';
import type { FileDescriptor } from './descriptor/descriptor-shape.ts';
import { fileOf } from './descriptor/file-of-descriptor.ts';
import { decodeOptions } from './options/decode-options.ts';
import type { OptionsMessage } from './options/option-target.ts';
import { parseProtoFile } from './parse/parse-file.ts';
import type { NodeCount } from './parse/token-stream.ts';
import { printProtoFile } from './print/print-file.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';
import { loadImports } from './resolve/load-imports.ts';
import { isWireFormat } from './wire/wire-reader.ts';

/**
 * Parses a .proto text, or a FileDescriptorProto in base64, with the files that it imports. Lenient as stored schemas need it: a
 * file that is missing or a name that no file declares is for `validate` to refuse. Throws SCHEMA_INVALID or SCHEMA_TOO_COMPLEX.
 */
export function parseSchema(
  text: string,
  dependencies: readonly Dependency[],
  limits: SchemaLimits = SCHEMA_LIMITS,
): ProtobufSchema {
  const count = { nodes: 0 };
  try {
    const file = parseProtoFile(text, limits, count);
    return { file, imports: loadImports(file, dependencies, limits, count) };
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'SCHEMA_INVALID') throw error;
    const descriptor = descriptorIn(text, limits);
    if (descriptor === undefined) throw error;
    return parseDescriptor(descriptor, dependencies, limits);
  }
}

/** The descriptor that a text in base64 stands for; undefined for other texts. No .proto text looks like base64: it has a semicolon. */
function descriptorIn(text: string, limits: SchemaLimits): FileDescriptor | undefined {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  if (!isWireFormat(bytes, limits.depthMax)) return undefined;
  const descriptor = decodeDescriptor('FileDescriptorProto', bytes, limits.depthMax);
  return Object.keys(descriptor).length > 0 ? descriptor : undefined;
}

/** Twice: first to find what extensions there are, then with the options that use them. */
function parseDescriptor(
  descriptor: FileDescriptor,
  dependencies: readonly Dependency[],
  limits: SchemaLimits,
): ProtobufSchema {
  const plain = fileOf(descriptor, onlyMapEntries);
  const count: NodeCount = { nodes: 0 };
  const draft = { file: plain, imports: loadImports(plain, dependencies, limits, count) };
  const file = fileOf(descriptor, (message, options) => decodeOptions(draft, message, options));
  // The printed text parses to the same tree, and passes the limits that texts have to pass.
  return { file: parseProtoFile(printProtoFile(file), limits, count), imports: draft.imports };
}

function onlyMapEntries(message: OptionsMessage, options: Uint8Array | undefined): Option[] {
  if (message !== 'MessageOptions' || options === undefined) return [];
  return decodeOptions(NO_EXTENSIONS, message, options);
}

const NO_EXTENSIONS: ProtobufSchema = {
  file: { imports: [], options: [], types: [], extends: [], services: [] },
  imports: new Map(),
};
