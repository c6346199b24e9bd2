import type { Option, OptionNamePart, OptionValue } from '../ast/option.ts';
import { decodeDescriptor } from '../descriptor/decode-descriptor.ts';
import type { DescriptorValue } from '../descriptor/descriptor-value.ts';
import { doubleText } from '../descriptor/default-value.ts';
import { parseProtoFile } from '../parse/parse-file.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { findFieldByNumber, type FieldPlace, resolveFieldType } from '../resolve/field-type.ts';
import { fieldName } from '../ast/message.ts';
import { readFieldsByNumber, type WireField } from '../wire/wire-reader.ts';
import { bytesValue, decodeValues } from './decode-value.ts';
import { dottedName } from '../descriptor/descriptor-name.ts';
import { descriptorMessage, extensionByNumber, type OptionsMessage } from './option-target.ts';

const UNINTERPRETED = 999;
const DEPTH_MAX = 100;

/** Standard options that come in another place than their number says, as Confluent prints the options of a descriptor. */
const PLACES: Readonly<Partial<Record<OptionsMessage, readonly number[]>>> = {
  FileOptions: [1, 8, 10, 20, 27, 9, 11, 16, 17, 18, 42, 23, 31, 36, 37, 39, 40, 41, 44, 45],
  FieldOptions: [1, 2, 6, 3],
};

/**
 * The options that the bytes of an options message hold: standard ones, then custom ones under the full names of the extensions
 * that the schema knows by their number. What no known extension declares has no name to print and is left out.
 */
export function decodeOptions(
  schema: ProtobufSchema,
  message: OptionsMessage,
  bytes: Uint8Array | undefined,
): Option[] {
  if (bytes === undefined) return [];
  const holder = descriptorMessage(message);
  const standard: { number: number; options: Option[] }[] = [];
  const custom: Option[] = [];
  for (const [number, same] of readFieldsByNumber(bytes, DEPTH_MAX)) {
    if (number === UNINTERPRETED) {
      for (const field of same) custom.push(uninterpreted(field));
      continue;
    }
    const place = findFieldByNumber(holder, number);
    if (place !== undefined) {
      const name = { name: fieldName(place.field), extension: false };
      standard.push({ number, options: asOptions(schema, place, name, same) });
      continue;
    }
    const extension = extensionByNumber(schema, holder, number);
    if (extension !== undefined) {
      const name = { name: extension.fullName, extension: true };
      for (const option of asOptions(schema, extension, name, same)) custom.push(option);
    }
  }
  const places = PLACES[message] ?? [];
  const rank = (number: number): number => (places.includes(number) ? places.indexOf(number) : 1000 + number);
  standard.sort((a, b) => rank(a.number) - rank(b.number));
  return [...standard.flatMap(({ options }) => options), ...custom];
}

function asOptions(
  schema: ProtobufSchema,
  place: FieldPlace,
  name: OptionNamePart,
  fields: readonly WireField[],
): Option[] {
  const values = decodeValues(schema, resolveFieldType(schema, place), place, fields, DEPTH_MAX);
  // Features and the like are set one by one: a standard option has no aggregate value.
  if (!name.extension) return values.flatMap((value) => spread([name], value));
  return values.map((value) => ({ name: [name], value }));
}

function spread(name: readonly OptionNamePart[], value: OptionValue): Option[] {
  if (value.kind !== 'message' || value.fields.some((field) => field.name.startsWith('['))) return [{ name, value }];
  return value.fields.flatMap((field) => spread([...name, { name: field.name, extension: false }], field.value));
}

function uninterpreted({ bytes }: WireField): Option {
  const decoded = decodeDescriptor('UninterpretedOption', bytes, DEPTH_MAX);
  const parts = (decoded['name'] ?? []) as readonly { name_part?: string; is_extension?: boolean }[];
  const name = parts.map((part) => ({ name: dottedName(part.name_part), extension: part.is_extension === true }));
  return { name, value: uninterpretedValue(decoded) };
}

function uninterpretedValue(decoded: DescriptorValue): OptionValue {
  const text = decoded['string_value'];
  if (text instanceof Uint8Array) return bytesValue(text);
  if (typeof decoded['identifier_value'] === 'string') return { kind: 'identifier', name: decoded['identifier_value'] };
  if (typeof decoded['aggregate_value'] === 'string') {
    const aggregate = decoded['aggregate_value'];
    const [option] = parseProtoFile(`option a = ${aggregate.startsWith('[') ? aggregate : `{${aggregate}}`};`).options;
    if (option !== undefined) return option.value;
  }
  const number = decoded['double_value'] ?? decoded['positive_int_value'] ?? decoded['negative_int_value'];
  return { kind: 'number', text: doubleText(Number(number ?? 0)) };
}
