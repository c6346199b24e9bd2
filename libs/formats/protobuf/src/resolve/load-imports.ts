import type { Dependency, SchemaLimits } from '#libs/formats/schema';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Import, ProtoFile } from '../ast/proto-file.ts';
import { builtInProto } from '../built-in/built-in-protos.ts';
import { schemaInvalid, schemaTooComplex } from '../errors.ts';
import { parseProtoFile } from '../parse/parse-file.ts';
import type { NodeCount } from '../parse/token-stream.ts';

const builtIn = new Map<string, ProtoFile>();

/** The built-in file of a path, parsed once per process. */
export function builtInFile(path: string): ProtoFile | undefined {
  const known = builtIn.get(path);
  if (known !== undefined) return known;
  const text = builtInProto(path);
  if (text === undefined) return undefined;
  const file = parseProtoFile(text);
  builtIn.set(path, file);
  return file;
}

/**
 * Finds every file that a file imports, directly or not: among the dependencies first, then among the built-in ones. The result
 * is by path, each file after those that it imports itself; what nobody provides is not in it. Throws
 * SCHEMA_INVALID for imports in a circle and for a dependency that is no .proto text, naming it, or SCHEMA_TOO_COMPLEX.
 */
export function loadImports(
  file: ProtoFile,
  dependencies: readonly Dependency[],
  limits: SchemaLimits,
  count: NodeCount,
): ReadonlyMap<string, ProtoFile> {
  const texts = new Map(dependencies.map(({ name, text }) => [name, text]));
  const imports = new Map<string, ProtoFile>();
  const open = new Set<string>();

  const load = (imported: Import, by: string | undefined): void => {
    const { path, at } = imported;
    if (imports.has(path)) return;
    if (open.has(path)) throw schemaInvalid(`"${path}" imports itself, through "${by}"`, at, by);
    if (open.size >= limits.depthMax) {
      throw schemaTooComplex(`Imports are nested more than ${limits.depthMax} deep`, 'depthMax', limits.depthMax);
    }
    const text = texts.get(path);
    const found = text === undefined ? builtInFile(path) : parseDependency(path, text, limits, count);
    if (found === undefined) return;
    open.add(path);
    for (const next of found.imports) load(next, path);
    open.delete(path);
    imports.set(path, found);
  };

  for (const imported of file.imports) load(imported, undefined);
  return imports;
}

function parseDependency(path: string, text: string, limits: SchemaLimits, count: NodeCount): ProtoFile {
  try {
    return parseProtoFile(text, limits, count);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    throw new TidemarkError(error.code, `In "${path}": ${error.message}`, {
      context: { ...error.context, file: path },
      cause: error,
    });
  }
}
