import { type JsonNode, sortedMembers } from '#libs/formats/json-text';
import type { AvroType, RecordType } from './avro-type.ts';
import { doubleValue, isWhole } from './jackson-value.ts';
import { javaFloat } from './java-double.ts';

/**
 * A default as its type has it: numbers of floats and doubles with a fraction, floats rounded to 32 bits, the text of bytes in
 * Latin 1, members sorted. A value that does not fit its type stays as it is.
 */
export function normalizedDefault(type: AvroType, value: JsonNode): JsonNode {
  return sortedMembers(typed(type, value));
}

function typed(type: AvroType, value: JsonNode): JsonNode {
  switch (type.kind) {
    case 'union':
      // The first branch says what the value is, unless it can only be of a later one.
      return type.branches[0] ? typed(type.branches[0], value) : value;
    case 'float':
      return value.kind === 'number' ? floatValue(Math.fround(Number(value.text))) : value;
    case 'double':
      return value.kind === 'number' && isWhole(value.text) ? doubleValue(Number(value.text)) : value;
    case 'bytes':
    case 'fixed':
      return value.kind === 'string' ? { kind: 'string', value: value.value.replace(/[\u0100-\uffff]/g, '?') } : value;
    case 'array':
      return value.kind === 'array'
        ? { kind: 'array', items: value.items.map((item) => typed(type.items, item)) }
        : value;
    case 'map':
      return withMembers(value, { get: () => type.values });
    case 'record':
      return withMembers(value, fieldTypes(type));
    default:
      return value;
  }
}

function withMembers(value: JsonNode, types: { get(name: string): AvroType | undefined }): JsonNode {
  if (value.kind !== 'object') return value;
  const members = value.members.map(({ name, value: inner }) => {
    const type = types.get(name);
    return { name, value: type ? typed(type, inner) : inner };
  });
  return { kind: 'object', members };
}

function fieldTypes({ fields }: RecordType): ReadonlyMap<string, AvroType> {
  return new Map(fields.map((field) => [field.name, field.type]));
}

function floatValue(value: number): JsonNode {
  return Number.isFinite(value) ? { kind: 'number', text: javaFloat(value) } : doubleValue(value);
}
