/** A number of so many digits may be beyond what a double holds; shorter ones never are. */
const DIGITS = 16;
const MANY_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;
type RawJson = { rawJSON(text: string): unknown };

/**
 * JSON.parse, with whole numbers beyond 2^53 as bigint; other numbers are doubles, as in every JSON reader. Texts without
 * long digit runs, which are nearly all, take the plain path. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return MANY_DIGITS.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
}

/** As parseJson, of UTF-8 from `offset` on. */
export function parseJsonBytes(bytes: Buffer, offset: number): unknown {
  const text = bytes.toString('utf8', offset);
  return hasManyDigits(bytes, offset) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
}

/** JSON.stringify, with a bigint as the number that it is. Undefined for values that JSON does not know. */
export function printJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? (JSON as unknown as RawJson).rawJSON(part.toString()) : part,
  );
}

/** A run of 16 digits has one at every 16th place, so that one byte in 16 is looked at. */
function hasManyDigits(bytes: Buffer, offset: number): boolean {
  for (let place = offset + DIGITS - 1; place < bytes.length; place += DIGITS) {
    if (!isDigit(bytes[place])) continue;
    let first = place;
    let last = place;
    while (first > offset && isDigit(bytes[first - 1])) first -= 1;
    while (last + 1 < bytes.length && isDigit(bytes[last + 1])) last += 1;
    if (last - first + 1 >= DIGITS) return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const exactIntegers: Reviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
};
