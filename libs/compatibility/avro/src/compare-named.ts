import type { EnumType, FixedType, NamedType } from '#libs/formats/avro';
import type { Comparison, Finding } from './comparison.ts';
import { fixedSizeMismatch, missingSymbols, nameMismatch } from './differences.ts';

/** Names match without their namespaces, or when an alias of the reader is the writer's full name. */
export function namesMatch(reader: NamedType, writer: NamedType): boolean {
  return reader.name.simple === writer.name.simple || hasAlias(reader, writer.name.full);
}

export function compareNames(reader: NamedType, writer: NamedType, path: string): Finding[] {
  return namesMatch(reader, writer) ? [] : [() => nameMismatch(reader, writer, `${path}/name`)];
}

export function compareEnums(reader: EnumType, writer: EnumType, path: string, to: Comparison): Finding[] {
  to.spend(reader.symbols.length + writer.symbols.length);
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort();
  const names = compareNames(reader, writer, path);
  if (missing.length === 0 || reader.default !== undefined) return names;
  return [...names, () => missingSymbols(missing, `${path}/symbols`)];
}

export function compareFixed(reader: FixedType, writer: FixedType, path: string): Finding[] {
  const names = compareNames(reader, writer, path);
  return reader.size === writer.size ? names : [...names, () => fixedSizeMismatch(reader, writer, `${path}/size`)];
}

/** Java knows an alias in the default namespace by a leading dot when the type itself has a namespace, and finds it in no name. */
function hasAlias({ name, aliases }: NamedType, full: string): boolean {
  return aliases.some((alias) => alias.full === full && (alias.space !== undefined || name.space === undefined));
}
