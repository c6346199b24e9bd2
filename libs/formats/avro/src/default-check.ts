import { type JsonNode, member } from '#libs/formats/json-text';
import type { AvroType, RecordField, RecordType } from './avro-type.ts';
import { tooComplex } from './invalid-schema.ts';
import { isWhole } from './jackson-value.ts';
import { int32 } from './logical-type.ts';

const DEPTH_MAX = 1_000;
const LONG_MAX = 2n ** 63n - 1n;

/**
 * Whether values can be defaults of their types, by Avro 1.12 for Java: of a union for any branch; of an enum and a fixed any
 * text. Records take the defaults of fields that a value leaves out, so what was found is kept: without that, types that use
 * each other twice would double the work at each level. A default that holds itself, by way of a recursive record, is none.
 */
export class DefaultCheck {
  readonly #found = new Map<RecordType, Map<JsonNode, boolean>>();
  #depth = 0;

  /** Throws SCHEMA_TOO_COMPLEX when defaults of defaults go deeper than 1,000 levels. */
  fieldTakes({ type, default: own }: RecordField, value: JsonNode | undefined): boolean {
    if (value === undefined) return false;
    // The parser leaves a text as the default of a float or double only where no JSON number can say it: NaN, infinity.
    const isText = value.kind === 'string' && value === own;
    if (isText && (type.kind === 'float' || type.kind === 'double')) return true;
    return this.#fits(type, value);
  }

  #fits(type: AvroType, value: JsonNode): boolean {
    switch (type.kind) {
      case 'record':
        return value.kind === 'object' && this.#recordFits(type, value);
      case 'array':
        return value.kind === 'array' && value.items.every((item) => this.#fits(type.items, item));
      case 'map':
        return value.kind === 'object' && value.members.every((each) => this.#fits(type.values, each.value));
      case 'union':
        return type.branches.some((branch) => this.#fits(branch, value));
      default:
        return plainFits(type.kind, value);
    }
  }

  #recordFits(type: RecordType, value: JsonNode): boolean {
    const found = this.#found.get(type) ?? new Map<JsonNode, boolean>();
    this.#found.set(type, found);
    const known = found.get(value);
    if (known !== undefined) return known;
    found.set(value, false);
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw tooComplex(`defaults of defaults nest deeper than ${DEPTH_MAX} levels`);
    const fits = type.fields.every((field) => this.fieldTakes(field, member(value, field.name) ?? field.default));
    this.#depth -= 1;
    found.set(value, fits);
    return fits;
  }
}

function plainFits(kind: Exclude<AvroType['kind'], 'record' | 'array' | 'map' | 'union'>, value: JsonNode): boolean {
  switch (kind) {
    case 'null':
    case 'boolean':
      return value.kind === kind;
    case 'int':
      return int32(value) !== undefined;
    case 'long':
      return isLong(value);
    case 'float':
    case 'double':
      return value.kind === 'number';
    default:
      return value.kind === 'string';
  }
}

function isLong(value: JsonNode): boolean {
  if (value.kind !== 'number' || !isWhole(value.text)) return false;
  const number = BigInt(value.text);
  return number <= LONG_MAX && number >= -LONG_MAX - 1n;
}
