import { jsonKey, type JsonNode } from '#libs/formats/json-text';
import type { ChangeType } from './change-type.ts';
import type { Comparer } from './comparer.ts';
import { compareDecimals, type Decimal, isMultiple } from './decimal.ts';
import type { NumberShape, StringShape } from './shape.ts';

type Limit =
  | 'MAX_LENGTH'
  | 'MAXIMUM'
  | 'EXCLUSIVE_MAXIMUM'
  | 'MAX_PROPERTIES'
  | 'MAX_ITEMS'
  | 'MAX_CONTAINS'
  | 'MIN_CONTAINS'
  | 'MIN_LENGTH'
  | 'MINIMUM'
  | 'EXCLUSIVE_MINIMUM'
  | 'MIN_PROPERTIES'
  | 'MIN_ITEMS';

/** A limit by the start of its change types; how a larger or smaller value counts is in the policy, not here. */
export function compareLimit(
  limit: Limit,
  writer: Decimal | undefined,
  reader: Decimal | undefined,
  path: string,
  comparer: Comparer,
): void {
  if (writer === undefined && reader === undefined) return;
  if (writer === undefined) comparer.add(`${limit}_ADDED`, path);
  else if (reader === undefined) comparer.add(`${limit}_REMOVED`, path);
  else {
    const order = compareDecimals(reader, writer);
    if (order > 0) comparer.add(`${limit}_INCREASED`, path);
    if (order < 0) comparer.add(`${limit}_DECREASED`, path);
  }
}

export function compareStrings(writer: StringShape, reader: StringShape, comparer: Comparer): void {
  compareLimit('MAX_LENGTH', writer.maxLength, reader.maxLength, 'maxLength', comparer);
  compareLimit('MIN_LENGTH', writer.minLength, reader.minLength, 'minLength', comparer);
  if (writer.pattern === reader.pattern) return;
  if (writer.pattern === undefined) comparer.add('PATTERN_ADDED', 'pattern');
  else comparer.add(reader.pattern === undefined ? 'PATTERN_REMOVED' : 'PATTERN_CHANGED', 'pattern');
}

export function compareNumbers(writer: NumberShape, reader: NumberShape, comparer: Comparer): void {
  if (writer.integer !== reader.integer) comparer.add(reader.integer ? 'TYPE_NARROWED' : 'TYPE_EXTENDED');
  compareLimit('MAXIMUM', writer.maximum, reader.maximum, 'maximum', comparer);
  compareLimit('MINIMUM', writer.minimum, reader.minimum, 'minimum', comparer);
  compareLimit('EXCLUSIVE_MAXIMUM', writer.exclusiveMaximum, reader.exclusiveMaximum, 'exclusiveMaximum', comparer);
  compareLimit('EXCLUSIVE_MINIMUM', writer.exclusiveMinimum, reader.exclusiveMinimum, 'exclusiveMinimum', comparer);
  const type = divisorChange(writer.multipleOf, reader.multipleOf);
  if (type !== undefined) comparer.add(type, 'multipleOf');
}

function divisorChange(writer: Decimal | undefined, reader: Decimal | undefined): ChangeType | undefined {
  if (writer === undefined) return reader === undefined ? undefined : 'MULTIPLE_OF_ADDED';
  if (reader === undefined) return 'MULTIPLE_OF_REMOVED';
  if (compareDecimals(writer, reader) === 0) return undefined;
  if (isMultiple(writer, reader)) return 'MULTIPLE_OF_REDUCED';
  return isMultiple(reader, writer) ? 'MULTIPLE_OF_EXPANDED' : 'MULTIPLE_OF_CHANGED';
}

export function compareEnums(writer: readonly JsonNode[], reader: readonly JsonNode[], comparer: Comparer): void {
  comparer.spend((writer.length + reader.length) / 4);
  const [from, to] = [keysOf(writer), keysOf(reader)];
  const keepsAll = [...from].every((value) => to.has(value));
  const addsNone = [...to].every((value) => from.has(value));
  if (keepsAll && addsNone) return;
  if (keepsAll) comparer.add('ENUM_ARRAY_EXTENDED', 'enum');
  else comparer.add(addsNone ? 'ENUM_ARRAY_NARROWED' : 'ENUM_ARRAY_CHANGED', 'enum');
}

/** Whether two constants are the same value. */
export function sameValue(writer: JsonNode, reader: JsonNode): boolean {
  return keyOf(writer) === keyOf(reader);
}

/** Values are compared with many others where they stand in a union. */
const keys = new WeakMap<JsonNode, string>();
const lists = new WeakMap<readonly JsonNode[], ReadonlySet<string>>();

function keyOf(value: JsonNode): string {
  let key = keys.get(value);
  if (key === undefined) {
    key = jsonKey(value);
    keys.set(value, key);
  }
  return key;
}

function keysOf(values: readonly JsonNode[]): ReadonlySet<string> {
  let found = lists.get(values);
  if (found === undefined) {
    found = new Set(values.map(jsonKey));
    lists.set(values, found);
  }
  return found;
}
