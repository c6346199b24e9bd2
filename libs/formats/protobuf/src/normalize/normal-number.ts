import { doubleOf, integerOf } from '../options/number-text.ts';

/** A number in its plainest form: integers in decimal, others without needless zeros; with an exponent only where it is long. */
export function normalNumber(text: string): string {
  const integer = integerOf(text);
  if (integer !== undefined) return integer === 0n && text.startsWith('-') ? '-0' : integer.toString();
  const value = doubleOf(text);
  if (value === undefined || !Number.isFinite(value)) return text;
  if (Object.is(value, -0)) return '-0';
  // As an integer it would be out of the range that parsers take for one.
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value.toExponential() : String(value);
}
