import type { Field } from '../ast/field.ts';
import { findOption } from '../ast/option.ts';
import { schemaInvalid } from '../errors.ts';
import { Mismatch, scalarValue } from '../options/scalar-value.ts';
import { findEnumValue, type ResolvedType } from '../resolve/field-type.ts';

/** The default of a field as descriptors have it, or undefined. Throws SCHEMA_INVALID for one that does not fit the type. */
export function defaultValue(field: Field, type: ResolvedType): string | undefined {
  const option = findOption(field.options, 'default');
  if (option === undefined) return undefined;
  const unfit = (expected: string): Error =>
    schemaInvalid(`The default of field "${field.name}" does not fit: expected ${expected}`, option.at ?? field.at);
  if (type.kind === 'enum') {
    const name = option.value.kind === 'identifier' ? option.value.name : undefined;
    if (name === undefined || findEnumValue(type.type, name) === undefined)
      throw unfit(`the name of a value of enum ${type.fullName}`);
    return name;
  }
  if (type.kind !== 'scalar' || field.label === 'repeated') {
    throw schemaInvalid(`Field "${field.name}" cannot have a default`, option.at ?? field.at);
  }
  const value = scalarValue(type.name, option.value, { text: false });
  if (value instanceof Mismatch) throw unfit(value.expected);
  if (typeof value === 'number') return doubleText(value);
  return value instanceof Uint8Array ? escapeBytes(value) : String(value);
}

/** As C prints a double: 15 significant digits where they suffice, else 17. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const short = general(value, 15);
  return Number(short) === value ? short : general(value, 17);
}

/** C's `%.{digits}g`. */
function general(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent < -4 || exponent >= digits) {
    const sign = exponent < 0 ? '-' : '+';
    return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return trim(value.toFixed(digits - 1 - exponent));
}

const ESCAPES: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 34: '\\"', 39: "\\'", 92: '\\\\' };

function escapeBytes(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      const plain = byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
      return ESCAPES[byte] ?? plain;
    })
    .join('');
}
