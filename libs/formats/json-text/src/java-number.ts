/**
 * A JSON number as Java prints it when nothing is lost: integers digit by digit (`-0` is `0`), all others as BigDecimal's
 * toString: `1.0` stays `1.0`, `1e5` becomes `1E+5`, `0.0000001` becomes `1E-7`. The result is a JSON number that prints as
 * itself. Time is linear in the length of the text; exponents are not expanded.
 */
export function javaNumber(text: string): string {
  const [, sign = '', whole = '0', fraction = '', exponentText = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const isInteger = !/[.eE]/.test(text);
  if (isInteger) return text === '-0' ? '0' : text;
  const digits = (whole + fraction).replace(/^0+(?=[0-9])/, '');
  const scale = fraction.length - Number(exponentText);
  const isZero = digits === '0' && !/[1-9]/.test(whole + fraction);
  const negative = sign === '-' && !isZero ? '-' : '';
  return negative + unsigned(digits, scale);
}

/** BigDecimal.toString of `digits` times ten to the power of `-scale`. */
function unsigned(digits: string, scale: number): string {
  const adjusted = digits.length - 1 - scale;
  if (scale >= 0 && adjusted >= -6) {
    if (scale === 0) return digits;
    const padded = digits.padStart(scale + 1, '0');
    return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return adjusted === 0 ? mantissa : `${mantissa}E${adjusted > 0 ? '+' : ''}${adjusted}`;
}
