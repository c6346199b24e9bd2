import type { ProtoFile } from '../ast/proto-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { type ExtensionSymbol, fileSymbols, qualified, type TypeSymbol } from './file-symbols.ts';
import { builtInFile } from './load-imports.ts';

/** Declares the options for Confluent's annotations, which every file can use without importing it, as with Confluent. */
const META_PROTO = 'confluent/meta.proto';

/**
 * The names that one file can use: its own, those of the files it imports, and those that these import publicly; Confluent's
 * options always, behind all others.
 */
interface Visible {
  readonly types: ReadonlyMap<string, TypeSymbol>;
  readonly extensions: ReadonlyMap<string, ExtensionSymbol>;
}

const visibleBySchema = new WeakMap<ProtobufSchema, Map<ProtoFile, Visible>>();

/**
 * The type that a name stands for, as written in a file of the schema (by default its own) within `scope`: the full name of the
 * message around it, or the package. A name without a leading dot is looked for in the scope, then outwards. Undefined when no
 * visible file declares it.
 */
export function resolveType(
  schema: ProtobufSchema,
  name: string,
  scope: string,
  file: ProtoFile = schema.file,
): TypeSymbol | undefined {
  return lookUp(visible(schema, file).types, name, scope);
}

/** The same for the name of an extension, as it stands in the name of a custom option. */
export function resolveExtension(
  schema: ProtobufSchema,
  name: string,
  scope: string,
  file: ProtoFile = schema.file,
): ExtensionSymbol | undefined {
  return lookUp(visible(schema, file).extensions, name, scope);
}

/** All extensions that a file can use. */
export function visibleExtensions(schema: ProtobufSchema, file: ProtoFile = schema.file): Iterable<ExtensionSymbol> {
  return visible(schema, file).extensions.values();
}

function lookUp<T>(symbols: ReadonlyMap<string, T>, name: string, scope: string): T | undefined {
  if (name.startsWith('.')) return symbols.get(name.slice(1));
  for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))) {
    const found = symbols.get(qualified(outer, name));
    if (found !== undefined || outer === '') return found;
  }
}

function visible(schema: ProtobufSchema, file: ProtoFile): Visible {
  let byFile = visibleBySchema.get(schema);
  if (byFile === undefined) {
    byFile = new Map();
    visibleBySchema.set(schema, byFile);
  }
  let names = byFile.get(file);
  if (names === undefined) {
    names = merge(visibleFiles(schema, file));
    byFile.set(file, names);
  }
  return names;
}

/** The file itself, what it imports, and what those import publicly, each once. */
export function visibleFiles(schema: ProtobufSchema, file: ProtoFile): ProtoFile[] {
  const files = new Set<ProtoFile>([file]);
  const add = (path: string): void => {
    // What a file imports that is known without an import itself is not among the schema's imports.
    const imported = schema.imports.get(path) ?? builtInFile(path);
    if (imported === undefined || files.has(imported)) return;
    files.add(imported);
    for (const next of imported.imports) if (next.kind === 'public') add(next.path);
  };
  for (const { path } of file.imports) add(path);
  return [...files];
}

function merge(files: readonly ProtoFile[]): Visible {
  const types = new Map<string, TypeSymbol>();
  const extensions = new Map<string, ExtensionSymbol>();
  for (const file of files) {
    const symbols = fileSymbols(file);
    for (const [name, symbol] of symbols.types) if (!types.has(name)) types.set(name, symbol);
    for (const [name, symbol] of symbols.extensions) if (!extensions.has(name)) extensions.set(name, symbol);
  }
  const meta = builtInFile(META_PROTO);
  for (const [name, symbol] of meta === undefined ? [] : fileSymbols(meta).extensions) {
    if (!extensions.has(name)) extensions.set(name, symbol);
  }
  return { types, extensions };
}
