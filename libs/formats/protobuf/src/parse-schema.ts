import { type Dependency, SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import { parseProtoFile } from './parse/parse-file.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';
import { loadImports } from './resolve/load-imports.ts';

/**
 * Parses a .proto text with the files that it imports. Lenient as stored schemas need it: a file that is missing or a name that
 * no file declares is for `validate` to refuse. Throws SCHEMA_INVALID or SCHEMA_TOO_COMPLEX.
 */
export function parseSchema(
  text: string,
  dependencies: readonly Dependency[],
  limits: SchemaLimits = SCHEMA_LIMITS,
): ProtobufSchema {
  const count = { nodes: 0 };
  const file = parseProtoFile(text, limits, count);
  return { file, imports: loadImports(file, dependencies, limits, count) };
}
