/** Kafka's variable-length numbers: zigzag, seven bits a byte, the lowest first. */

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Bytes of an unsigned 32-bit number. */
export function unsignedVarintBytes(value: number): number {
  // A seventh of the bits, rounded up, without dividing.
  const bits = 32 - Math.clz32(value | 1);
  return ((bits + 6) * 37) >> 8;
}

/** Bytes of a signed number; beyond 32 bits it is counted as the 64-bit number that Kafka reads there. */
export function varintBytes(value: number): number {
  if (value >= INT32_MIN && value <= INT32_MAX) return unsignedVarintBytes(((value << 1) ^ (value >> 31)) >>> 0);
  let rest = zigzag64(value);
  let bytes = 1;
  while (rest > 0x7fn) {
    rest >>= 7n;
    bytes++;
  }
  return bytes;
}

/** Writes a signed number and answers the position behind it. */
export function writeVarint(target: Uint8Array, position: number, value: number): number {
  if (value < INT32_MIN || value > INT32_MAX) return writeLargeVarint(target, position, value);
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = position;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

function writeLargeVarint(target: Uint8Array, position: number, value: number): number {
  let rest = zigzag64(value);
  let at = position;
  while (rest > 0x7fn) {
    target[at++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  target[at++] = Number(rest);
  return at;
}

function zigzag64(value: number): bigint {
  const exact = BigInt(value);
  return BigInt.asUintN(64, (exact << 1n) ^ (exact >> 63n));
}
