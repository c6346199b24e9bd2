export const UUID_CHARS = 36;

const DIGITS = Buffer.from('0123456789abcdef');
const DASH = 0x2d;
/** Bytes with a dash before them. */
const DASHED = new Set([4, 6, 8, 10]);
/** For each byte of a uuid: where its two digits go. */
const PLACES = Array.from({ length: 16 }, (_, byte) => 2 * byte + [...DASHED].filter((dash) => dash <= byte).length);

/** Writes the text of the uuid whose 16 bytes begin at `from`. */
export function writeUuid(target: Buffer, source: Buffer, from: number): void {
  for (let byte = 0; byte < 16; byte++) {
    const value = source[from + byte]!;
    const at = PLACES[byte]!;
    target[at] = DIGITS[value >> 4]!;
    target[at + 1] = DIGITS[value & 15]!;
  }
  target[8] = target[13] = target[18] = target[23] = DASH;
}
