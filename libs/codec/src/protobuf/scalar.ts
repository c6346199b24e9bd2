import type { Reader } from 'protobufjs';
import type { SourceParts } from '../generated-function.ts';
import { int64Of, isInt64, isUint64, readFixed64, readInt64, readSfixed64, readSint64, readUint64 } from './int64.ts';

/**
 * How the values of one type, that is neither message nor map, are read and written: as source for generated functions, in
 * which `r` is the reader and `w` the writer.
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
  /** The call of the writer's method. */
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

/** The scalar types of Protobuf by their names. 64-bit ones are bigints; a whole number that is exact can be written, too. */
export const SCALARS: Readonly<Record<string, Scalar>> = {
  double: float('double', FIXED64),
  float: float('float', FIXED32),
  int32: int32('int32', VARINT),
  sint32: int32('sint32', VARINT),
  sfixed32: int32('sfixed32', FIXED32),
  uint32: uint32('uint32', VARINT),
  fixed32: uint32('fixed32', FIXED32),
  int64: long('int64', VARINT, isInt64, readInt64),
  sint64: long('sint64', VARINT, isInt64, readSint64),
  sfixed64: long('sfixed64', FIXED64, isInt64, readSfixed64),
  uint64: long('uint64', VARINT, isUint64, readUint64),
  fixed64: long('fixed64', FIXED64, isUint64, readFixed64),
  bool: {
    ...scalar('bool', VARINT, false, 'a boolean'),
    test: (value) => `typeof ${value} === 'boolean'`,
    isZero: (value) => `!${value}`,
  },
  string: {
    ...scalar('string', LENGTH, '', 'a string that is well-formed Unicode'),
    test: (value) => `(typeof ${value} === 'string' && ${value}.isWellFormed())`,
    isZero: (value) => `${value} === ''`,
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
  return { wireType, zero, expected, put: (value: string) => `${method}(${value})`, read: () => `r.${method}()` };
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
  isValid: (value: unknown) => boolean,
  read: (reader: Reader) => bigint,
): Scalar {
  return {
    ...scalar(method, wireType, 0n, isValid === isUint64 ? UINT64 : INT64),
    test: (value, parts) => `${parts.name(isValid)}(${value})`,
    // A bigint or a number: both are compared by value.
    isZero: (value) => `${value} == 0`,
    put: (value, parts) => `${method}(${parts.name(int64Of)}(${value}))`,
    read: (parts) => `${parts.name(read)}(r)`,
  };
}
