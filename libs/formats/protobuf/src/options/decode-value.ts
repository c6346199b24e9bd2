import type { ScalarType } from '../ast/field.ts';
import type { AggregateField, OptionValue } from '../ast/option.ts';
import { doubleText } from '../descriptor/default-value.ts';
import { schemaInvalid } from '../errors.ts';
import { utf8Text } from '../parse/string-literal.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import {
  findFieldByNumber,
  type FieldPlace,
  type MessagePlace,
  resolveFieldType,
  type ResolvedType,
} from '../resolve/field-type.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { readFields, readFieldsByNumber, readVarints, type WireField } from '../wire/wire-reader.ts';
import { extensionByNumber } from './option-target.ts';
import { wireTypeOf } from '../wire/wire-writer.ts';

/** The values of a field from what stands on the wire for it: several for a repeated field, of others the last or the merged one. */
export function decodeValues(
  schema: ProtobufSchema,
  type: ResolvedType,
  { field }: Pick<FieldPlace, 'field'>,
  fields: readonly WireField[],
  depthMax: number,
): OptionValue[] {
  const repeated = field.label === 'repeated' || type.kind === 'map';
  if (repeated) return fields.flatMap((each) => elements(schema, type, each, depthMax));
  if (type.kind === 'message' || type.kind === 'group') {
    // Parts of one message may come in several pieces.
    const bytes = Buffer.concat(fields.map((each) => each.bytes));
    return [aggregate(schema, type, bytes, depthMax)];
  }
  return fields.slice(-1).flatMap((each) => elements(schema, type, each, depthMax));
}

function elements(schema: ProtobufSchema, type: ResolvedType, field: WireField, depthMax: number): OptionValue[] {
  switch (type.kind) {
    case 'scalar':
      return isPacked(type.name, field)
        ? unpack(type.name, field.bytes).map((value) => scalar(type.name, { ...field, value }))
        : [scalar(type.name, field)];
    case 'enum': {
      const numbers = field.wireType === 2 ? unpack('int32', field.bytes) : [field.value];
      return numbers.map((value) => {
        const number = Number(BigInt.asIntN(32, value));
        const name = type.type.values.find((each) => each.number === number)?.name;
        return name === undefined ? { kind: 'number', text: String(number) } : { kind: 'identifier', name };
      });
    }
    case 'map':
      return [mapEntry(schema, type, field, depthMax)];
    case 'unknown':
      throw schemaInvalid(`An option of the serialized descriptor has the type "${type.name}", which is not defined`);
    default:
      return [aggregate(schema, type, field.bytes, depthMax)];
  }
}

function aggregate(schema: ProtobufSchema, holder: MessagePlace, bytes: Uint8Array, depthMax: number): OptionValue {
  if (depthMax <= 0) throw schemaInvalid('The options of the serialized descriptor are nested too deep');
  const any = holder.fullName === 'google.protobuf.Any' ? anyEntry(schema, bytes, depthMax) : undefined;
  if (any !== undefined) return { kind: 'message', fields: [any] };
  const entries: AggregateField[] = [];
  for (const [number, same] of readFieldsByNumber(bytes, depthMax)) {
    const place = placeOf(schema, holder, number);
    if (place === undefined) continue;
    const values = decodeValues(schema, resolveFieldType(schema, place), place, same, depthMax - 1);
    for (const value of values) entries.push({ name: place.name, value });
  }
  return { kind: 'message', fields: entries };
}

/** The message within an Any, where the schema knows its type. */
function anyEntry(schema: ProtobufSchema, bytes: Uint8Array, depthMax: number): AggregateField | undefined {
  const fields = readFieldsByNumber(bytes, depthMax);
  const url = utf8Text(fields.get(1)?.[0]?.bytes ?? new Uint8Array()) ?? '';
  if (!/^[\w.]+\/[\w.]+$/.test(url)) return undefined;
  const symbol = resolveType(schema, `.${url.slice(url.lastIndexOf('/') + 1)}`, '');
  if (symbol?.type.kind !== 'message') return undefined;
  const inner = fields.get(2)?.[0]?.bytes ?? new Uint8Array();
  return { name: `[${url}]`, value: aggregate(schema, { ...symbol, message: symbol.type }, inner, depthMax - 1) };
}

function placeOf(
  schema: ProtobufSchema,
  holder: MessagePlace,
  number: number,
): (FieldPlace & { name: string }) | undefined {
  const place = findFieldByNumber(holder, number);
  if (place !== undefined) {
    const { field } = place;
    return { ...place, name: field.kind === 'group' ? field.message.name : field.name };
  }
  const symbol = extensionByNumber(schema, holder, number);
  return symbol === undefined ? undefined : { ...symbol, name: `[${symbol.fullName}]` };
}

function mapEntry(
  schema: ProtobufSchema,
  type: Extract<ResolvedType, { kind: 'map' }>,
  field: WireField,
  depthMax: number,
): OptionValue {
  if (depthMax <= 0) throw schemaInvalid('The options of the serialized descriptor are nested too deep');
  const parts = readFields(field.bytes, depthMax);
  const key = parts.findLast(({ number }) => number === 1);
  const value = parts.findLast(({ number }) => number === 2);
  // Serializers write empty messages too, where texts leave them out.
  const empty = value === undefined || (value.bytes.length === 0 && type.value.kind === 'message');
  return {
    kind: 'message',
    fields: [
      ...(key === undefined ? [] : [{ name: 'key', value: scalar(type.key, key) }]),
      ...(empty
        ? []
        : elements(schema, type.value, value, depthMax - 1).map((element) => ({ name: 'value', value: element }))),
    ],
  };
}

function scalar(type: ScalarType, field: WireField): OptionValue {
  switch (type) {
    case 'bool':
      return { kind: 'identifier', name: field.value === 0n ? 'false' : 'true' };
    case 'string':
    case 'bytes':
      return bytesValue(field.bytes);
    case 'double':
    case 'float':
      return floating(type, field.value);
    case 'sint32':
    case 'sint64':
      return { kind: 'number', text: String((field.value >> 1n) ^ -(field.value & 1n)) };
    case 'int32':
    case 'sfixed32':
      return { kind: 'number', text: String(BigInt.asIntN(32, field.value)) };
    case 'int64':
    case 'sfixed64':
      return { kind: 'number', text: String(BigInt.asIntN(64, field.value)) };
    default:
      return { kind: 'number', text: String(field.value) };
  }
}

function floating(type: 'double' | 'float', bits: bigint): OptionValue {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  const text = type === 'double' ? doubleText(bytes.readDoubleLE()) : floatText(bytes.readFloatLE());
  return text === 'inf' || text === 'nan' ? { kind: 'identifier', name: text } : { kind: 'number', text };
}

/** The shortest text that is the same number of 32 bits. */
function floatText(value: number): string {
  for (let digits = 6; digits < 9 && Number.isFinite(value); digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return doubleText(Number(text));
  }
  return doubleText(value);
}

/** Bytes as a string where they are UTF-8. */
export function bytesValue(bytes: Uint8Array): OptionValue {
  const value = utf8Text(bytes);
  return value === undefined
    ? { kind: 'bytes', latin1: Buffer.from(bytes).toString('latin1') }
    : { kind: 'string', value };
}

function isPacked(type: ScalarType, field: WireField): boolean {
  return field.wireType === 2 && wireTypeOf(type) !== 2;
}

/** The numbers of a packed field, as a field of its own would have them. */
function unpack(type: ScalarType, bytes: Uint8Array): bigint[] {
  const wireType = wireTypeOf(type);
  const buffer = Buffer.from(bytes);
  const values: bigint[] = [];
  if (wireType === 1 || wireType === 5) {
    const size = wireType === 1 ? 8 : 4;
    for (let offset = 0; offset + size <= buffer.length; offset += size) {
      values.push(size === 8 ? buffer.readBigUInt64LE(offset) : BigInt(buffer.readUInt32LE(offset)));
    }
    return values;
  }
  return readVarints(buffer);
}
