/** What the head of a record batch (format 2) in a segment file says about it. */
export interface BatchHead {
  readonly position: number;
  readonly bytes: number;
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly records: number;
}

const SIZE_OF_HEAD = 61;
/** Base offset and length, which the length does not count. */
const UNCOUNTED = 12;

/** The batches of a segment in order; a last one that is torn is left out. */
export function* batchHeads(segment: Buffer): Generator<BatchHead> {
  for (let position = 0; position + SIZE_OF_HEAD <= segment.length;) {
    const baseOffset = segment.readBigInt64BE(position);
    const bytes = segment.readInt32BE(position + 8) + UNCOUNTED;
    if (bytes < SIZE_OF_HEAD || position + bytes > segment.length) return;
    yield {
      position,
      bytes,
      baseOffset,
      lastOffset: baseOffset + BigInt(segment.readInt32BE(position + 23)),
      records: segment.readInt32BE(position + 57),
    };
    position += bytes;
  }
}
