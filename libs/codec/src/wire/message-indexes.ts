/** A file nests its messages less deep than this by far; more indexes are damaged bytes. */
const INDEXES_MAX = 64;

/** The place of a message in its file: the index of the outermost message, then of each one within. */
export type MessageIndexes = readonly number[];

/** Zigzag varints, the count first; [0], the first message, as the single byte 0. */
export function encodeMessageIndexes(indexes: MessageIndexes): Buffer {
  if (indexes.length === 1 && indexes[0] === 0) return Buffer.of(0);
  return Buffer.from([indexes.length, ...indexes].flatMap(zigzagVarint));
}

/** The indexes at `offset`, and where they end. Undefined when the bytes are none. */
export function decodeMessageIndexes(
  bytes: Uint8Array,
  offset: number,
): { indexes: MessageIndexes; end: number } | undefined {
  const count = readZigzagVarint(bytes, offset);
  if (count === undefined || count.value < 0 || count.value > INDEXES_MAX) return undefined;
  if (count.value === 0) return { indexes: [0], end: count.end };
  const indexes: number[] = [];
  let { end } = count;
  while (indexes.length < count.value) {
    const index = readZigzagVarint(bytes, end);
    if (index === undefined || index.value < 0) return undefined;
    indexes.push(index.value);
    ({ end } = index);
  }
  return { indexes, end };
}

function zigzagVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value * 2;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function readZigzagVarint(bytes: Uint8Array, offset: number): { value: number; end: number } | undefined {
  let zigzag = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    zigzag += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value: zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2, end: offset + index + 1 };
  }
  return undefined;
}
