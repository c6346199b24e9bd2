import { type Field, SCALAR_TYPES } from '../ast/field.ts';
import { fieldName, type Group, type Message } from '../ast/message.ts';
import { findOption } from '../ast/option.ts';
import type { NumberRange } from '../ast/ranges.ts';
import { schemaInvalid } from '../errors.ts';
import { allFields } from '../resolve/field-type.ts';
import { NumberRanges, placedRanges } from './number-ranges.ts';

export const FIELD_NUMBER_MAX = 536_870_911;
const INT32_MAX = 2_147_483_647;

/** Checks what a message says of numbers and reserved names. Throws SCHEMA_INVALID. */
export function checkMessage(message: Message, fullName: string): void {
  const reserved = reservedRanges(message);
  const extensions = extensionRanges(message);
  const taken = new NumberRanges([...reserved, ...extensions]).overlap();
  if (taken !== undefined)
    throw schemaInvalid(`The range from ${taken.from} in "${fullName}" overlaps another one`, taken.at);

  const reservedNumbers = new NumberRanges(reserved);
  const extensionNumbers = new NumberRanges(extensions);
  const reservedNames = new Set(
    message.reserved.flatMap(({ values }) => values.filter((value) => typeof value === 'string')),
  );
  const byNumber = new Map<number, string>();
  for (const field of allFields(message)) {
    const name = fieldName(field);
    const { number, at } = field;
    checkFieldNumber(field);
    const other = byNumber.get(number);
    if (other !== undefined)
      throw schemaInvalid(`Number ${number} is used by "${other}" and "${name}" of "${fullName}"`, at);
    byNumber.set(number, name);
    if (reservedNumbers.has(number))
      throw schemaInvalid(`Field "${name}" uses number ${number}, which "${fullName}" reserves`, at);
    if (extensionNumbers.has(number)) {
      throw schemaInvalid(`Field "${name}" uses number ${number}, which "${fullName}" leaves to extensions`, at);
    }
    if (reservedNames.has(name)) throw schemaInvalid(`Field "${name}" has a name that "${fullName}" reserves`, at);
  }
  for (const oneof of message.oneofs) {
    if (oneof.fields.length + oneof.groups.length === 0)
      throw schemaInvalid(`Oneof "${oneof.name}" has no field`, oneof.at);
  }
}

/** Numbers go from 1 to 536,870,911 without those from 19,000 to 19,999, which protobuf keeps for itself. */
export function checkFieldNumber(field: Field | Group, max = FIELD_NUMBER_MAX): void {
  const { number, at } = field;
  const name = fieldName(field);
  if (number < 1) throw schemaInvalid(`The number of field "${name}" is ${number}: it has to be positive`, at);
  if (number > max) throw schemaInvalid(`The number of field "${name}" is ${number}: the highest one is ${max}`, at);
  if (number >= 19_000 && number <= 19_999) {
    throw schemaInvalid(`The number of field "${name}" is ${number}: protobuf keeps 19000 to 19999 for itself`, at);
  }
}

/** The numbers that extensions of a message can use. */
export function extensionNumbers(message: Message): NumberRanges {
  let numbers = numbersByMessage.get(message);
  if (numbers === undefined) {
    numbers = new NumberRanges(extensionRanges(message));
    numbersByMessage.set(message, numbers);
  }
  return numbers;
}

/** Many blocks may extend one message with many ranges. */
const numbersByMessage = new WeakMap<Message, NumberRanges>();

/** The highest number of an extension of a message. */
export function extensionNumberMax(message: Message): number {
  const value = findOption(message.options, 'message_set_wire_format')?.value;
  return value?.kind === 'identifier' && value.name === 'true' ? INT32_MAX - 1 : FIELD_NUMBER_MAX;
}

/** The types that can be keys of a map: all scalars but floating point numbers and bytes. */
export const MAP_KEY_TYPES: ReadonlySet<string> = new Set(
  SCALAR_TYPES.filter((name) => !['double', 'float', 'bytes'].includes(name)),
);

function reservedRanges(message: Message): ReturnType<typeof placedRanges> {
  const statements = message.reserved.map(({ values, at }) => ({
    ranges: values.filter((value): value is NumberRange => typeof value !== 'string'),
    at,
  }));
  return checked(placedRanges(statements, extensionNumberMax(message)), message);
}

function extensionRanges(message: Message): ReturnType<typeof placedRanges> {
  return checked(placedRanges(message.extensionRanges, extensionNumberMax(message)), message);
}

function checked(ranges: ReturnType<typeof placedRanges>, message: Message): ReturnType<typeof placedRanges> {
  for (const { from, to, at } of ranges) {
    const fits = from >= 1 && from <= to && to <= extensionNumberMax(message);
    if (!fits) throw schemaInvalid(`${from} to ${to} is no range of field numbers in message "${message.name}"`, at);
  }
  return ranges;
}
