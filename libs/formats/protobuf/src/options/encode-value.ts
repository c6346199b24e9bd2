import type { Enum } from '../ast/enum.ts';
import type { Field, ScalarType } from '../ast/field.ts';
import { type AggregateField, findOption, type OptionValue } from '../ast/option.ts';
import { syntaxOf } from '../ast/proto-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import {
  findEnumValue,
  type FieldPlace,
  type MessagePlace,
  resolveFieldType,
  type ResolvedType,
} from '../resolve/field-type.ts';
import type { Group } from '../ast/message.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { WireWriter, wireTypeOf } from '../wire/wire-writer.ts';
import { integerOf } from './number-text.ts';
import { aggregateTarget } from './option-target.ts';
import { Mismatch, scalarValue } from './scalar-value.ts';

/** What makes a value unfit for its field; the caller knows the option and the place. */
export class UnfitValue extends Error {}

/** Where the names of extensions within an aggregate are resolved from. */
export interface ValueContext {
  readonly schema: ProtobufSchema;
  readonly scope: string;
  /** Whether the value stands in an aggregate, where protobuf's text format rules. */
  readonly text: boolean;
}

/** Writes a value as a field, tag included. Throws UnfitValue. */
export function encodeValue(
  context: ValueContext,
  out: WireWriter,
  place: FieldPlace,
  type: ResolvedType,
  value: OptionValue,
): void {
  const number = place.field.number;
  if (value.kind === 'list') {
    if (place.field.label !== 'repeated' && type.kind !== 'map')
      throw new UnfitValue('a list for a field that is not repeated');
    for (const element of value.values) encodeValue(context, out, place, type, element);
    return;
  }
  switch (type.kind) {
    case 'scalar':
      out.scalar(number, type.name, fitting(type.name, value, context));
      return;
    case 'enum':
      out.scalar(number, 'int32', enumNumber(type.type, value, context));
      return;
    case 'group':
      out.group(number, encodeAggregate(context, type, value));
      return;
    case 'message':
      out.delimited(number, encodeAggregate(context, type, value));
      return;
    case 'map':
      out.delimited(number, encodeMapEntry(context, type.key, type.value, value));
      return;
    case 'unknown':
      throw new UnfitValue(`"${type.name}" is not defined`);
  }
}

function fitting(
  type: ScalarType,
  value: OptionValue,
  { text }: ValueContext,
): Exclude<ReturnType<typeof scalarValue>, Mismatch> {
  const scalar = scalarValue(type, value, { text });
  if (scalar instanceof Mismatch) throw new UnfitValue(`expected ${scalar.expected}`);
  return scalar;
}

function enumNumber(type: Enum, value: OptionValue, { text }: ValueContext): bigint {
  if (value.kind === 'identifier') {
    const found = findEnumValue(type, value.name);
    if (found === undefined) throw new UnfitValue(`enum ${type.name} has no value "${value.name}"`);
    return BigInt(found.number);
  }
  const number = text && value.kind === 'number' ? integerOf(value.text) : undefined;
  if (number === undefined) throw new UnfitValue(`expected the name of a value of enum ${type.name}`);
  return number;
}

/** The fields in the order of their numbers, as a serializer writes them; several entries of one field in their own order. */
function encodeAggregate(context: ValueContext, place: MessagePlace, value: OptionValue): Buffer {
  if (value.kind !== 'message') throw new UnfitValue(`expected { … } with the fields of ${place.fullName}`);
  const inner = { ...context, text: true };
  const [any] = value.fields;
  if (any?.name.includes('/') && place.fullName === 'google.protobuf.Any') return encodeAny(inner, any);
  const byNumber = new Map<number, { target: FieldPlace; values: OptionValue[] }>();
  for (const { name, value: entry } of value.fields) {
    const target = aggregateTarget(context.schema, place, name, context.scope);
    if (target === undefined) throw new UnfitValue(`${place.fullName} has no field "${name}"`);
    const same = byNumber.get(target.field.number);
    if (same !== undefined && !isRepeated(target.field)) throw new UnfitValue(`"${name}" is set twice`);
    if (same === undefined) byNumber.set(target.field.number, { target, values: [entry] });
    else same.values.push(entry);
  }
  const out = new WireWriter();
  for (const { target, values } of [...byNumber.values()].sort(
    (a, b) => a.target.field.number - b.target.field.number,
  )) {
    const type = resolveFieldType(context.schema, target);
    if (isPacked(target, type)) encodePacked(inner, out, target, type, values);
    else for (const entry of values) encodeValue(inner, out, target, type, entry);
  }
  return out.finish();
}

/** Numbers of a repeated field in one length-delimited field, where the field asks for it or its syntax does by default. */
function encodePacked(
  context: ValueContext,
  out: WireWriter,
  target: FieldPlace,
  type: ResolvedType,
  values: readonly OptionValue[],
): void {
  const packed = new WireWriter();
  for (const value of values.flatMap((entry) => (entry.kind === 'list' ? entry.values : [entry]))) {
    if (type.kind === 'enum') packed.packedScalar('int32', enumNumber(type.type, value, context));
    else if (type.kind === 'scalar')
      packed.packedScalar(type.name, fitting(type.name, value, context) as bigint | number | boolean);
  }
  const bytes = packed.finish();
  if (bytes.length > 0) out.delimited(target.field.number, bytes);
}

function isPacked({ field, file }: FieldPlace, type: ResolvedType): boolean {
  if (field.label !== 'repeated') return false;
  if (type.kind !== 'enum' && !(type.kind === 'scalar' && wireTypeOf(type.name) !== 2)) return false;
  const option = findOption(field.options, 'packed')?.value;
  return option?.kind === 'identifier' ? option.name === 'true' : syntaxOf(file) !== 'proto2';
}

function isRepeated(field: Field | Group): boolean {
  return field.label === 'repeated' || (field.kind === 'field' && field.type.kind === 'map');
}

function encodeAny(context: ValueContext, { name, value }: AggregateField): Buffer {
  const url = name.slice(1, -1);
  const typeName = url.slice(url.lastIndexOf('/') + 1);
  const symbol = resolveType(context.schema, `.${typeName}`, '');
  if (symbol?.type.kind !== 'message') throw new UnfitValue(`"${typeName}" is not a known message`);
  const bytes = encodeAggregate(context, { ...symbol, message: symbol.type }, value);
  return new WireWriter().delimited(1, Buffer.from(url, 'utf8')).delimited(2, bytes).finish();
}

/** Both fields of an entry are always written, with the default of their type where the text leaves them out. */
function encodeMapEntry(
  context: ValueContext,
  key: ScalarType,
  valueType: Exclude<ResolvedType, { kind: 'map' }>,
  entry: OptionValue,
): Buffer {
  if (entry.kind !== 'message') throw new UnfitValue('expected { key: … value: … }');
  const parts = new Map(entry.fields.map(({ name, value }) => [name, value]));
  for (const name of parts.keys()) {
    if (name !== 'key' && name !== 'value') throw new UnfitValue(`an entry of a map has no field "${name}"`);
  }
  const inner = { ...context, text: true };
  const out = new WireWriter();
  const field = { kind: 'field', type: { kind: 'scalar', name: key }, name: 'value', number: 2, options: [] } as const;
  const place = { field, scope: '', file: context.schema.file };
  out.scalar(1, key, fitting(key, parts.get('key') ?? emptyValue({ kind: 'scalar', name: key }), inner));
  encodeValue(inner, out, place, valueType, parts.get('value') ?? emptyValue(valueType));
  return out.finish();
}

function emptyValue(type: ResolvedType): OptionValue {
  if (type.kind === 'message' || type.kind === 'group') return { kind: 'message', fields: [] };
  if (type.kind === 'scalar' && (type.name === 'string' || type.name === 'bytes')) return { kind: 'string', value: '' };
  return { kind: 'number', text: '0' };
}
