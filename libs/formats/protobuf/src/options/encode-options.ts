import { type Option, optionName, type OptionValue } from '../ast/option.ts';
import { encodeDescriptor } from '../descriptor/encode-descriptor.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { WireWriter } from '../wire/wire-writer.ts';
import { encodeValue, UnfitValue } from './encode-value.ts';
import { doubleOf, integerOf } from './number-text.ts';
import { type OptionsMessage, type OptionStep, optionTarget } from './option-target.ts';
import { printOneLine } from './print-one-line.ts';

const UNINTERPRETED = 999;

/**
 * Options as the bytes of their message in a descriptor: the known ones by number, then custom ones as they stand, each with the
 * types that its extension declares. An option whose name no visible file declares is kept uninterpreted, as the parser of protoc
 * leaves it. Undefined when there are none. Throws SCHEMA_INVALID for a value that does not fit.
 */
export function encodeOptions(
  schema: ProtobufSchema,
  message: OptionsMessage,
  options: readonly Option[],
  scope: string,
): Buffer | undefined {
  if (options.length === 0) return undefined;
  const known: { number: number; bytes: Buffer }[] = [];
  const custom: Buffer[] = [];
  for (const option of options) {
    const target = optionTarget(schema, message, option, scope);
    const [first] = target ?? [];
    if (target === undefined || first === undefined) {
      known.push({ number: UNINTERPRETED, bytes: encodeUninterpreted(option) });
      continue;
    }
    const bytes = encodeTarget(schema, target, option, scope);
    if (option.name[0]?.extension) custom.push(bytes);
    else known.push({ number: first.place.field.number, bytes });
  }
  known.sort((a, b) => a.number - b.number);
  return Buffer.concat([...known.map(({ bytes }) => bytes), ...custom]);
}

function encodeTarget(schema: ProtobufSchema, target: readonly OptionStep[], option: Option, scope: string): Buffer {
  const out = new WireWriter();
  const last = target[target.length - 1] as OptionStep;
  try {
    encodeValue({ schema, scope, text: false }, out, last.place, last.type, option.value);
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    throw schemaInvalid(`Option "${optionName(option)}": ${error.message}`, option.at);
  }
  return target.slice(0, -1).reduceRight((bytes, { place, type }) => {
    const { number } = place.field;
    return type.kind === 'group'
      ? new WireWriter().group(number, bytes).finish()
      : new WireWriter().delimited(number, bytes).finish();
  }, out.finish());
}

function encodeUninterpreted(option: Option): Buffer {
  const fields = {
    name: option.name.map(({ name, extension }) => ({ name_part: name, is_extension: extension })),
    ...uninterpretedValue(option.value),
  };
  return new WireWriter().delimited(UNINTERPRETED, encodeDescriptor('UninterpretedOption', fields)).finish();
}

function uninterpretedValue(value: OptionValue): Readonly<Record<string, string | bigint | number | Uint8Array>> {
  switch (value.kind) {
    case 'string':
      return { string_value: Buffer.from(value.value, 'utf8') };
    case 'bytes':
      return { string_value: Buffer.from(value.latin1, 'latin1') };
    case 'identifier':
      return { identifier_value: value.name };
    case 'number': {
      const integer = integerOf(value.text);
      if (integer === undefined || integer < -(2n ** 63n) || integer >= 2n ** 64n)
        return { double_value: doubleOf(value.text) ?? 0 };
      return integer < 0n ? { negative_int_value: integer } : { positive_int_value: integer };
    }
    default:
      return { aggregate_value: printOneLine(value) };
  }
}
