/**
 * A number as Java prints a double (`Double.toString` of JDK 19 and later, which is the shortest text that reads back the same):
 * plain between 0.001 and 10,000,000, otherwise with an exponent, and always with a digit after the point.
 */
export function javaDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const sign = value < 0 ? '-' : '';
  const { digits, exponent } = shortestDigits(Math.abs(value));
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1)}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${withoutTrailingZero(digits)}`;
  const plain = digits.padEnd(exponent + 2, '0');
  return `${sign}${plain.slice(0, exponent + 1)}.${plain.slice(exponent + 1)}`;
}

/** A float (32 bits) as `Float.toString` prints it. `value` is one already. */
export function javaFloat(value: number): string {
  for (let precision = 2; precision < 9; precision += 1) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return javaDouble(shorter);
  }
  return javaDouble(Number(value.toPrecision(9)));
}

/** Java never takes fewer than two digits, and of two the closest: 4.9E-324 where one digit would be a 5. */
function shortestDigits(magnitude: number): { digits: string; exponent: number } {
  const shortest = magnitude.toExponential();
  const [mantissa = '', exponent = '0'] = (shortest.includes('.') ? shortest : magnitude.toExponential(1)).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function withoutTrailingZero(digits: string): string {
  return digits.length === 2 && digits.endsWith('0') ? digits.slice(0, 1) : digits;
}
