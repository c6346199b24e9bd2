/** A JSON number without loss: `digits` times ten to the power of `exponent`. Exponents are never expanded. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Beyond this distance of exponents, divisibility is not worked out: the numbers would have thousands of digits. */
const SHIFT_MAX = 2_000;

/** Reads a number by the grammar of JSON; trailing zeros are dropped, so that equal numbers are equal. */
export function decimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  const digits = all.replace(/0+$/, '');
  const value = BigInt(sign + (digits === '' ? '0' : digits));
  if (value === 0n) return { digits: 0n, exponent: 0 };
  return { digits: value, exponent: Number(exponent) - fraction.length + all.length - digits.length };
}

/** Less than, equal to or more than 0 as `a` is less than, equal to or more than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = Number(a.digits > 0n) - Number(a.digits < 0n) - (Number(b.digits > 0n) - Number(b.digits < 0n));
  if (signs !== 0 || a.digits === 0n) return signs;
  const negative = a.digits < 0n ? -1 : 1;
  const magnitude = sizeOf(a) - sizeOf(b);
  if (magnitude !== 0) return Math.sign(magnitude) * negative;
  const lowest = Math.min(a.exponent, b.exponent);
  const difference = shifted(a, lowest) - shifted(b, lowest);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Whether `a` is a whole multiple of `b`; false where working it out would take too long. */
export function isMultiple(a: Decimal, b: Decimal): boolean {
  if (b.digits === 0n || Math.abs(a.exponent - b.exponent) > SHIFT_MAX) return false;
  const lowest = Math.min(a.exponent, b.exponent);
  return shifted(a, lowest) % shifted(b, lowest) === 0n;
}

function shifted({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}

/** The power of ten of the first digit. */
function sizeOf({ digits, exponent }: Decimal): number {
  const text = digits.toString();
  return (digits < 0n ? text.length - 1 : text.length) + exponent;
}
