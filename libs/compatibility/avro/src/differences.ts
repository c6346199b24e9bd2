import type { AvroType, FixedType, NamedType, RecordField, UnionType } from '#libs/formats/avro';
import type { Difference } from '#libs/compatibility/levels';
import { readersOf, writersOf } from './promotions.ts';
import { suggestedDefault } from './suggested-default.ts';

/** The path of a difference at the root is a slash. */
const shown = (path: string): string => (path === '' ? '/' : path);
const kindOf = (type: AvroType): string => type.kind.toUpperCase();
const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

export function missingDefault({ name, type }: RecordField, path: string): Difference {
  return {
    type: 'READER_FIELD_MISSING_DEFAULT_VALUE',
    path: shown(path),
    description: `The field '${name}' at path '${shown(path)}' in the {reader} schema has no default value and is missing in the {writer} schema`,
    additionalInfo: name,
    fix: {
      ifReaderIsNew: `Give the field '${name}' a default, such as ${suggestedDefault(type)}. If it is an old field with a new name, add the old name to its "aliases" instead.`,
      ifWriterIsNew: `Keep the field '${name}': consumers that still have the old schema need it and have no default for it.`,
    },
  };
}

export function typeMismatch(reader: AvroType, writer: AvroType, path: string): Difference {
  return {
    type: 'TYPE_MISMATCH',
    path: shown(path),
    description: `The type (path '${shown(path)}') of a field in the {reader} schema does not match with the {writer} schema`,
    additionalInfo: `reader type: ${kindOf(reader)} not compatible with writer type: ${kindOf(writer)}`,
    fix: {
      ifReaderIsNew: `Old data has ${writer.kind} here: use a type that reads it (${readersOf(writer.kind).join(', ')}, or a union with one of them), or keep the old field and add a new one with a default.`,
      ifWriterIsNew: `Old consumers expect ${reader.kind} here: write a type that they read (${writersOf(reader.kind).join(', ')}), or keep the old field and add a new one beside it.`,
    },
  };
}

export function missingBranch(reader: UnionType, writer: AvroType, path: string): Difference {
  const what = 'name' in writer ? `${writer.kind} '${writer.name.full}'` : writer.kind;
  const has = reader.branches.map((branch) => ('name' in branch ? branch.name.full : branch.kind));
  return {
    type: 'MISSING_UNION_BRANCH',
    path: shown(path),
    description: `The {reader} schema is missing a type inside a union field at path '${shown(path)}' in the {writer} schema`,
    additionalInfo: `reader union lacking writer type: ${kindOf(writer)}`,
    fix: {
      ifReaderIsNew: `Old data can have ${what} here: the new union needs a branch that reads it; now it has ${listed(has)}.`,
      ifWriterIsNew: `Old consumers know ${listed(has)} here: do not write ${what} until they have a schema that reads it.`,
    },
  };
}

export function missingSymbols(symbols: readonly string[], path: string): Difference {
  const list = `[${symbols.join(', ')}]`;
  return {
    type: 'MISSING_ENUM_SYMBOLS',
    path,
    description: `The {reader} schema is missing enum symbols '${list}' at path '${path}' in the {writer} schema`,
    additionalInfo: list,
    fix: {
      ifReaderIsNew: `Keep ${listed(symbols)} in the enum, or give the enum a "default" that stands for symbols it does not know.`,
      ifWriterIsNew: `Leave ${listed(symbols)} out until consumers have a schema that knows them, or one whose enum has a "default".`,
    },
  };
}

export function nameMismatch(reader: NamedType, writer: NamedType, path: string): Difference {
  return {
    type: 'NAME_MISMATCH',
    path,
    description: `The name of the schema has changed (path '${path}')`,
    additionalInfo: `expected: ${writer.name.full}`,
    fix: {
      ifReaderIsNew: `Add "${writer.name.full}" to the "aliases" of ${reader.name.full}, or keep the old name.`,
      ifWriterIsNew: `Keep the name ${reader.name.simple}: consumers with the old schema know the type by it.`,
    },
  };
}

export function fixedSizeMismatch(reader: FixedType, writer: FixedType, path: string): Difference {
  const keep = (size: number): string =>
    `Keep the size of ${size} bytes, or put values of another size into a new field with a type of its own.`;
  return {
    type: 'FIXED_SIZE_MISMATCH',
    path,
    description: `The size of FIXED type field at path '${path}' in the {reader} schema does not match with the {writer} schema`,
    additionalInfo: `expected: ${writer.size}, found: ${reader.size}`,
    fix: { ifReaderIsNew: keep(writer.size), ifWriterIsNew: keep(reader.size) },
  };
}

/** Ours: Java fails there, and Confluent's registry answers with the exception as the reason. */
export function ambiguousField({ name }: RecordField, sources: readonly RecordField[], path: string): Difference {
  const found = listed(sources.map((source) => source.name));
  return {
    type: 'READER_FIELD_AMBIGUOUS',
    path: shown(path),
    description: `The field '${name}' at path '${shown(path)}' in the {reader} schema matches several fields of the {writer} schema by its name and its aliases`,
    additionalInfo: name,
    fix: {
      ifReaderIsNew: `Keep one of the names of the field '${name}': old data has ${found}, and a reader cannot tell which one is meant.`,
      ifWriterIsNew: `Write only one of ${found}: consumers with the old schema take each of them for '${name}'.`,
    },
  };
}
