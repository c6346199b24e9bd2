import { TidemarkError } from '#libs/foundation/kernel';
import { schemaInvalid } from '../errors.ts';

/** One field as it stands on the wire: of a group the bytes between its tags. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** The varint, or the fixed-size bytes as an unsigned number. */
  readonly value: bigint;
  /** Of a length-delimited field and of a group. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array();

/** Splits an encoded message into its fields. Throws SCHEMA_INVALID for bytes that are no message. */
export function readFields(bytes: Uint8Array, depthMax: number): WireField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: WireField[] = [];
  for (let offset = 0; offset < buffer.length;) {
    const { field, end } = readField(buffer, offset, depthMax);
    fields.push(field);
    offset = end;
  }
  return fields;
}

/** Whether bytes can be split into fields at all. */
export function isWireFormat(bytes: Uint8Array, depthMax: number): boolean {
  try {
    readFields(bytes, depthMax);
    return true;
  } catch (error) {
    if (error instanceof TidemarkError) return false;
    throw error;
  }
}

/** The fields of a message gathered by number, in order of first appearance. */
export function readFieldsByNumber(bytes: Uint8Array, depthMax: number): Map<number, WireField[]> {
  const byNumber = new Map<number, WireField[]>();
  for (const field of readFields(bytes, depthMax)) {
    const same = byNumber.get(field.number);
    if (same === undefined) byNumber.set(field.number, [field]);
    else same.push(field);
  }
  return byNumber;
}

function readField(buffer: Buffer, start: number, depthMax: number): { field: WireField; end: number } {
  const tag = readVarint(buffer, start);
  const number = Number(tag.value >> 3n);
  const wireType = Number(tag.value & 7n);
  if (number < 1 || number > 536_870_911) throw malformed();
  const base = { number, wireType, value: 0n, bytes: NO_BYTES };
  switch (wireType) {
    case 0: {
      const { value, end } = readVarint(buffer, tag.end);
      return { field: { ...base, value }, end };
    }
    case 1:
      if (tag.end + 8 > buffer.length) throw malformed();
      return { field: { ...base, value: buffer.readBigUInt64LE(tag.end) }, end: tag.end + 8 };
    case 2: {
      const length = readVarint(buffer, tag.end);
      const end = length.end + Number(length.value);
      if (end > buffer.length) throw malformed();
      return { field: { ...base, bytes: buffer.subarray(length.end, end) }, end };
    }
    case 3:
      return readGroup(buffer, tag.end, base, depthMax);
    case 5:
      if (tag.end + 4 > buffer.length) throw malformed();
      return { field: { ...base, value: BigInt(buffer.readUInt32LE(tag.end)) }, end: tag.end + 4 };
    default:
      throw malformed();
  }
}

/** The varints of a packed field. Throws SCHEMA_INVALID. */
export function readVarints(bytes: Uint8Array): bigint[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: bigint[] = [];
  for (let offset = 0; offset < buffer.length;) {
    const { value, end } = readVarint(buffer, offset);
    values.push(value);
    offset = end;
  }
  return values;
}

function readGroup(
  buffer: Buffer,
  start: number,
  base: WireField,
  depthMax: number,
): { field: WireField; end: number } {
  if (depthMax <= 0) throw malformed();
  for (let offset = start; ;) {
    const tag = readVarint(buffer, offset);
    if ((tag.value & 7n) === 4n) {
      if (Number(tag.value >> 3n) !== base.number) throw malformed();
      return { field: { ...base, bytes: buffer.subarray(start, offset) }, end: tag.end };
    }
    offset = readField(buffer, offset, depthMax - 1).end;
  }
}

function readVarint(buffer: Buffer, start: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = buffer[start + index];
    if (byte === undefined) throw malformed();
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asUintN(64, value), end: start + index + 1 };
  }
  throw malformed();
}

function malformed(): Error {
  return schemaInvalid('The bytes are no serialized FileDescriptorProto');
}
