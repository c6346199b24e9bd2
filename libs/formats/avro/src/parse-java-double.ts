const DECIMAL = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/;
const SPECIAL = /^([+-]?)(NaN|Infinity)$/;
const HEXADECIMAL = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/;

/**
 * A text as Java's `Double.parseDouble` reads it: surrounding space, a type suffix, NaN, the infinities and hexadecimal floats
 * included. Undefined where Java throws.
 */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = trim(text);
  const decimal = DECIMAL.exec(trimmed);
  if (decimal) return Number(decimal[1]);
  const special = SPECIAL.exec(trimmed);
  if (special) return special[2] === 'NaN' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  const [, sign, whole = '', fraction = '', power] = HEXADECIMAL.exec(trimmed) ?? [];
  if (whole + fraction === '') return undefined;
  // Exact for all that fits the 53 bits of a double, which is what Java itself prints this way.
  const magnitude = Number.parseInt(whole + fraction, 16) * 2 ** (Number(power) - 4 * fraction.length);
  return sign === '-' ? -magnitude : magnitude;
}

/** Java's `trim`: everything up to and including the space. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return text.slice(start, end);
}
