import type { ScalarType } from '../ast/field.ts';
import type { OptionValue } from '../ast/option.ts';
import type { ScalarValue } from '../wire/wire-writer.ts';
import { doubleOf, integerOf } from './number-text.ts';

/** The smallest and the largest integer of a type; undefined for types that are no integers. */
export function integerRange(type: ScalarType): readonly [bigint, bigint] | undefined {
  switch (type) {
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return [-(2n ** 31n), 2n ** 31n - 1n];
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return [-(2n ** 63n), 2n ** 63n - 1n];
    case 'uint32':
    case 'fixed32':
      return [0n, 2n ** 32n - 1n];
    case 'uint64':
    case 'fixed64':
      return [0n, 2n ** 64n - 1n];
    default:
      return undefined;
  }
}

/**
 * A literal as a value of a scalar type, or a message that says what would fit. `text` allows what protobuf's text format allows
 * beyond option values: other spellings of booleans.
 */
export function scalarValue(type: ScalarType, value: OptionValue, { text }: { text: boolean }): ScalarValue | Mismatch {
  const range = integerRange(type);
  if (range !== undefined) {
    const integer = value.kind === 'number' ? integerOf(value.text) : undefined;
    if (integer === undefined) return new Mismatch(`an integer (${type})`);
    return integer < range[0] || integer > range[1]
      ? new Mismatch(`an integer from ${range[0]} to ${range[1]}`)
      : integer;
  }
  switch (type) {
    case 'bool':
      return booleanOf(value, text) ?? new Mismatch('true or false');
    case 'string':
      return value.kind === 'string' ? value.value : new Mismatch('a string in quotes');
    case 'bytes':
      if (value.kind === 'string') return Buffer.from(value.value, 'utf8');
      return value.kind === 'bytes' ? Buffer.from(value.latin1, 'latin1') : new Mismatch('a string in quotes');
    default: {
      const written = value.kind === 'number' ? value.text : value.kind === 'identifier' ? value.name : '';
      return doubleOf(written) ?? new Mismatch(`a number (${type})`);
    }
  }
}

/** What was expected in the place of a value that does not fit. */
export class Mismatch {
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

function booleanOf(value: OptionValue, text: boolean): boolean | undefined {
  const word = value.kind === 'identifier' ? value.name : value.kind === 'number' && text ? value.text : '';
  if (word === 'true' || (text && ['True', 't', '1'].includes(word))) return true;
  if (word === 'false' || (text && ['False', 'f', '0'].includes(word))) return false;
  return undefined;
}
