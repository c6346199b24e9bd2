import type { Reader, Writer } from 'protobufjs';
import type { SourceParts } from '../generated-function.ts';
import { PayloadMismatch } from '../payload-mismatch.ts';
import {
  type Int64,
  int64Of,
  readFixed64,
  readInt64,
  readSfixed64,
  readSint64,
  readUint64,
  uint64Of,
} from './int64.ts';

/**
 * How the values of one type, that is neither message nor map, are read and written: as source for generated functions, in
 * which `r` is the reader, `w` the writer, and `y` keeps what a test made of a value for the statements behind it.
 */
export interface Scalar {
  readonly wireType: number;
  /** What an absent field without presence means. */
  readonly zero: unknown;
  /** For an error: "a boolean". */
  readonly expected: string;
  /** An expression that is true for a value that can be written. */
  test(value: string, parts: SourceParts): string;
  /** An expression that is true for a value, tested before, that is zero and need not be written. */
  isZero(value: string, parts: SourceParts): string;
  /** The statement that writes a value that was tested just before. */
  put(value: string, parts: SourceParts): string;
  read(parts: SourceParts): string;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

const INT32 = 'a whole number of 32 bits';
const UINT32 = 'a whole number of 32 bits, not negative,';
const INT64 = 'a bigint of 64 bits';
const UINT64 = 'a bigint of 64 bits, not negative,';
const TEXT = 'a string that is well-formed Unicode';

/** Whether `y` is a number whose varint has at most 32 bits. */
const SMALL = { test: 'y >= 0 && y <= 4294967295', method: 'uint32' };

/** The scalar types of Protobuf by their names. 64-bit ones are bigints; a whole number that is exact can be written, too. */
export const SCALARS: Readonly<Record<string, Scalar>> = {
  double: float('double', FIXED64),
  float: float('float', FIXED32),
  int32: int32('int32', VARINT),
  sint32: int32('sint32', VARINT),
  sfixed32: int32('sfixed32', FIXED32),
  uint32: uint32('uint32', VARINT),
  fixed32: uint32('fixed32', FIXED32),
  int64: long('int64', VARINT, int64Of, readInt64, SMALL),
  sint64: long('sint64', VARINT, int64Of, readSint64),
  sfixed64: long('sfixed64', FIXED64, int64Of, readSfixed64),
  uint64: long('uint64', VARINT, uint64Of, readUint64, SMALL),
  fixed64: long('fixed64', FIXED64, uint64Of, readFixed64),
  bool: {
    ...scalar('bool', VARINT, false, 'a boolean'),
    test: (value) => `typeof ${value} === 'boolean'`,
    isZero: (value) => `!${value}`,
  },
  string: {
    ...scalar('string', LENGTH, '', TEXT),
    test: (value) => `typeof ${value} === 'string'`,
    isZero: (value) => `${value} === ''`,
    put: (value, parts) => `${parts.name(writeText)}(w, ${value})`,
  },
  bytes: {
    ...scalar('bytes', LENGTH, Buffer.alloc(0), 'bytes (a Uint8Array)'),
    test: (value) => `${value} instanceof Uint8Array`,
    isZero: (value) => `${value}.length === 0`,
  },
};

/** Strings of proto3 and of most editions: bytes that are not UTF-8 are an error and not replaced. */
export const VERIFIED_STRING: Scalar = { ...(SCALARS['string'] as Scalar), read: () => 'r.stringVerify()' };

function scalar(method: string, wireType: number, zero: unknown, expected: string) {
  return { wireType, zero, expected, put: (value: string) => `w.${method}(${value})`, read: () => `r.${method}()` };
}

/** Minus zero is not zero. */
function float(method: string, wireType: number): Scalar {
  return {
    ...scalar(method, wireType, 0, 'a number'),
    test: (value) => `typeof ${value} === 'number'`,
    isZero: (value) => `Object.is(${value}, 0)`,
  };
}

function int32(method: string, wireType: number): Scalar {
  return {
    ...scalar(method, wireType, 0, INT32),
    test: (value) => `(typeof ${value} === 'number' && (${value} | 0) === ${value})`,
    isZero: (value) => `${value} === 0`,
  };
}

function uint32(method: string, wireType: number): Scalar {
  return {
    ...scalar(method, wireType, 0, UINT32),
    test: (value) => `(typeof ${value} === 'number' && ${value} >>> 0 === ${value})`,
    isZero: (value) => `${value} === 0`,
  };
}

function long(
  method: string,
  wireType: number,
  convert: (value: unknown) => Int64 | undefined,
  read: (reader: Reader) => bigint,
  small?: { readonly test: string; readonly method: string },
): Scalar {
  return {
    ...scalar(method, wireType, 0n, convert === uint64Of ? UINT64 : INT64),
    test: (value, parts) => `(y = ${parts.name(convert)}(${value})) !== undefined`,
    isZero: () => 'y === 0',
    // A small number is the same bytes as one of 32 bits, which are written faster.
    put: () => (small === undefined ? `w.${method}(y)` : `(${small.test} ? w.${small.method}(y) : w.${method}(y))`),
    read: (parts) => `${parts.name(read)}(r)`,
  };
}

/** One byte for each character, nothing but ASCII, is most texts and a cheaper question than whether one is well-formed. */
function writeText(writer: Writer & { readonly pos: number }, text: string): void {
  const start = writer.pos;
  writer.string(text);
  const { length } = text;
  const ascii = length + (length < 128 ? 1 : length < 16_384 ? 2 : 3);
  if (writer.pos - start === ascii || (text as unknown as { isWellFormed(): boolean }).isWellFormed()) return;
  throw new PayloadMismatch([], `${TEXT} expected`, text);
}
