import type { EnumType, FixedType, NamedType } from '#libs/formats/avro';
import type { Comparison, Finding } from './comparison.ts';
import { namesMatch } from './names-match.ts';
import { fixedSizeMismatch, missingSymbols, nameMismatch } from './differences.ts';

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
