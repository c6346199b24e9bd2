import type { ScalarType } from '../ast/field.ts';

/** The value of a scalar: bigint for integers, number for floats, boolean, string, or bytes. */
export type ScalarValue = bigint | number | boolean | string | Uint8Array;

/** Most varints of a descriptor have one byte. */
const SINGLE_BYTES: readonly Uint8Array[] = Array.from({ length: 128 }, (_, value) => Uint8Array.of(value));

/** Writes protobuf's wire format. The parts are put together once, at the end. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];

  varint(value: bigint): this {
    const single = value >= 0n && value < 128n ? SINGLE_BYTES[Number(value)] : undefined;
    if (single !== undefined) return this.raw(single);
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#parts.push(Uint8Array.from(bytes));
    return this;
  }

  tag(number: number, wireType: number): this {
    return this.varint((BigInt(number) << 3n) | BigInt(wireType));
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  /** A length-delimited field: a message, a string or bytes. */
  delimited(number: number, bytes: Uint8Array): this {
    return this.tag(number, 2).varint(BigInt(bytes.length)).raw(bytes);
  }

  /** A message between the tags of a group. */
  group(number: number, bytes: Uint8Array): this {
    return this.tag(number, 3).raw(bytes).tag(number, 4);
  }

  scalar(number: number, type: ScalarType, value: ScalarValue): this {
    if (typeof value === 'string') return this.delimited(number, Buffer.from(value, 'utf8'));
    if (value instanceof Uint8Array) return this.delimited(number, value);
    return this.tag(number, wireTypeOf(type)).packedScalar(type, value);
  }

  /** A scalar of a fixed size or a varint without its tag, as in packed fields. */
  packedScalar(type: ScalarType, value: bigint | number | boolean): this {
    if (typeof value === 'boolean') return this.varint(value ? 1n : 0n);
    if (typeof value === 'number') return this.raw(type === 'float' ? float(value) : double(value));
    if (type === 'sint32' || type === 'sint64') return this.varint(value < 0n ? -2n * value - 1n : 2n * value);
    if (type.includes('fixed')) return this.raw(fixed(value, wireTypeOf(type) === 5 ? 4 : 8));
    return this.varint(value);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
export function wireTypeOf(type: ScalarType): 0 | 1 | 2 | 5 {
  switch (type) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return 5;
    case 'string':
    case 'bytes':
      return 2;
    default:
      return 0;
  }
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function fixed(value: bigint, size: 4 | 8): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes.subarray(0, size);
}
