import { inspect } from 'node:util';
import type { FieldModel, FileModel, Kind } from './file-model.ts';
import type { Value } from './values.ts';

type Message = Record<string, Value>;

/**
 * Where what a reader has differs from what was written, by path; empty if every field that both have says the same. A number
 * that the reader's kind cannot hold is left out, with the list that it is in, as is a list of messages that is read as one, which
 * is merged.
 */
export function misread(
  files: { readonly writer: FileModel; readonly reader: FileModel },
  written: Message,
  read: Message,
  message: 'A' | 'B' | 'C' = 'A',
): string[] {
  return files.reader[message].flatMap((reader) => {
    const writer = files.writer[message].find(({ number }) => number === reader.number);
    if (writer === undefined) return [];
    return mismatches(files, { writer, reader }, written[writer.name], read[reader.name]).map(
      (path) => `${message}.${reader.name}${path}`,
    );
  });
}

function mismatches(
  files: { readonly writer: FileModel; readonly reader: FileModel },
  { writer, reader }: { readonly writer: FieldModel; readonly reader: FieldModel },
  written: Value | undefined,
  read: Value | undefined,
): string[] {
  const one = (from: Value | undefined, to: Value | undefined): string[] => {
    if (writer.kind === 'B' || writer.kind === 'C') {
      return misread(files, (from ?? {}) as Message, (to ?? {}) as Message, writer.kind);
    }
    const expected = convert(from ?? zero(writer.kind), reader.kind);
    const found = to ?? zero(reader.kind);
    return expected === undefined || Object.is(expected, found)
      ? []
      : [`: ${inspect(found)}, not ${inspect(expected)}`];
  };
  if (writer.mapKey !== undefined) {
    return Object.entries((written ?? {}) as Message).flatMap(([key, value]) => {
      const as = convertKey(key, reader.mapKey ?? writer.mapKey ?? 'string');
      return as === undefined ? [] : one(value, ((read ?? {}) as Message)[as]);
    });
  }
  const list = written === undefined ? [] : writer.label === 'repeated' ? (written as Value[]) : [written];
  if (reader.label !== 'repeated') {
    return list.length > 1 && isMessage(writer.kind) ? [] : one(list.at(-1), read);
  }
  // Numbers that an enum of proto2 does not name are left out of its lists.
  if (!isMessage(writer.kind) && list.some((value) => convert(value, reader.kind) === undefined)) return [];
  const found = (read ?? []) as Value[];
  if (writer.label !== 'repeated' && found.length === 0) return one(list[0], undefined);
  if (list.length !== found.length) return [`: ${found.length} items, not ${list.length}`];
  return list.flatMap((value, index) => one(value, found[index]));
}

const isMessage = (kind: Kind): boolean => kind === 'B' || kind === 'C';

/** The value as the reader's kind has it; undefined if it does not fit. Strings and bytes are both text here. */
function convert(value: Value, to: Kind): Value | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'boolean')
    return to === 'float' ? Math.fround(value as number) : value;
  return convertNumber(BigInt(value), to);
}

function convertNumber(number: bigint, to: Kind): bigint | boolean | undefined {
  if (to === 'bool') return number === 0n || number === 1n ? number === 1n : undefined;
  if (to === 'E') return number >= 0n && number <= 2n ? number : undefined;
  const bits = to.endsWith('32') ? 32 : 64;
  const signed = !/^(uint|fixed)/.test(to);
  return number === (signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number)) ? number : undefined;
}

function convertKey(key: string, to: Kind): string | undefined {
  if (to === 'string') return key;
  const number = key === 'true' ? 1n : key === 'false' ? 0n : BigInt(key);
  const as = convertNumber(number, to);
  return as === undefined ? undefined : String(as);
}

function zero(kind: Kind): Value {
  if (kind === 'string' || kind === 'bytes') return '';
  if (kind === 'bool') return false;
  return kind === 'float' || kind === 'double' ? 0 : 0n;
}
