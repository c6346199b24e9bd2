import type { Reader } from 'protobufjs';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** What protobufjs writes as 64 bits: a number where it is exact, else the two halves. */
export type Int64 = number | { readonly low: number; readonly high: number; readonly unsigned: boolean };

/** Undefined for what is no whole number of 64 bits. */
export function int64Of(value: unknown): Int64 | undefined {
  if (typeof value !== 'bigint') return Number.isSafeInteger(value) ? (value as number) : undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return value >= INT64_MIN && value <= INT64_MAX ? halvesOf(value) : undefined;
}

/** Undefined for what is no whole number of 64 bits, or is negative. */
export function uint64Of(value: unknown): Int64 | undefined {
  if (typeof value !== 'bigint')
    return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number >= 0 ? number : undefined;
  return value >= 0n && value <= UINT64_MAX ? halvesOf(value) : undefined;
}

function halvesOf(bits: bigint): Int64 {
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)), unsigned: false };
}

/** An unsigned varint. Throws RangeError at the end of the bytes, or when it does not end. */
export function readUint64(reader: Reader): bigint {
  const low = readLow(reader);
  return ended ? BigInt(low) : BigInt.asUintN(64, BigInt(low) | (BigInt(readHigh(reader)) << 49n));
}

export function readInt64(reader: Reader): bigint {
  const low = readLow(reader);
  return ended ? BigInt(low) : BigInt.asIntN(64, BigInt(low) | (BigInt(readHigh(reader)) << 49n));
}

export function readSint64(reader: Reader): bigint {
  const low = readLow(reader);
  if (ended) return BigInt(low % 2 === 0 ? low / 2 : -(low + 1) / 2);
  const zigzag = BigInt.asUintN(64, BigInt(low) | (BigInt(readHigh(reader)) << 49n));
  return (zigzag >> 1n) ^ -(zigzag & 1n);
}

export function readFixed64(reader: Reader): bigint {
  return bytes8(reader).readBigUInt64LE();
}

export function readSfixed64(reader: Reader): bigint {
  return bytes8(reader).readBigInt64LE();
}

/** Whether the varint that readLow began had no more than its 7 bytes. Set by readLow and read right after it. */
let ended = false;

/** The low 49 bits, which a double holds. */
function readLow(reader: Reader): number {
  const { buf, len } = reader;
  let { pos } = reader;
  let value = 0;
  let scale = 1;
  for (let index = 0; index < 7; index += 1) {
    if (pos >= len) throw new RangeError('the bytes end within a number');
    const byte = buf[pos++] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) {
      reader.pos = pos;
      ended = true;
      return value;
    }
  }
  reader.pos = pos;
  ended = false;
  return value;
}

/** The bits above, of at most 3 more bytes. */
function readHigh(reader: Reader): number {
  let value = 0;
  for (let index = 0; index < 3; index += 1) {
    if (reader.pos >= reader.len) throw new RangeError('the bytes end within a number');
    const byte = reader.buf[reader.pos++] as number;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return value;
  }
  throw new RangeError('a number has more than 10 bytes');
}

function bytes8(reader: Reader): Buffer {
  const start = reader.pos;
  if (start + 8 > reader.len) throw new RangeError('the bytes end within a number');
  reader.pos = start + 8;
  return Buffer.from(reader.buf.buffer, reader.buf.byteOffset + start, 8);
}
