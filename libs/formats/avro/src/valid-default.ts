import { type JsonNode, member } from '#libs/formats/json-text';
import type { AvroType, RecordType } from './avro-type.ts';
import { tooComplex } from './invalid-schema.ts';
import { int32 } from './logical-type.ts';
import { isWhole } from './jackson-value.ts';

/** A default can hold itself through the defaults of a recursive record, without an end. */
const DEPTH_MAX = 1_000;
const LONG_MAX = 2n ** 63n - 1n;

/**
 * Whether a value can be the default of a field of this type, by Avro 1.12 for Java: of a union it may be for any branch. Of an
 * enum and a fixed only the kind is checked, as Java does.
 */
export function isValidDefault(type: AvroType, value: JsonNode | undefined, depth = 0): boolean {
  if (depth > DEPTH_MAX) throw tooComplex(`a default nests deeper than ${DEPTH_MAX} levels, or holds itself`);
  if (value === undefined) return false;
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return value.kind === type.kind;
    case 'int':
      return int32(value) !== undefined;
    case 'long':
      return isLong(value);
    case 'float':
    case 'double':
      // What no JSON number can say is kept as Jackson prints it.
      return value.kind === 'number' || (value.kind === 'string' && /^(NaN|-?Infinity)$/.test(value.value));
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return value.kind === 'string';
    case 'array':
      return value.kind === 'array' && value.items.every((item) => isValidDefault(type.items, item, depth + 1));
    case 'map':
      return (
        value.kind === 'object' && value.members.every((each) => isValidDefault(type.values, each.value, depth + 1))
      );
    case 'union':
      return type.branches.some((branch) => isValidDefault(branch, value, depth + 1));
    default:
      return value.kind === 'object' && isValidRecord(type, value, depth);
  }
}

function isValidRecord(type: RecordType, value: JsonNode, depth: number): boolean {
  return type.fields.every((field) =>
    isValidDefault(field.type, member(value, field.name) ?? field.default, depth + 1),
  );
}

function isLong(value: JsonNode): boolean {
  if (value.kind !== 'number' || !isWhole(value.text)) return false;
  const number = BigInt(value.text);
  return number <= LONG_MAX && number >= -LONG_MAX - 1n;
}
