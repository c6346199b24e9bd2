/** Reads the fields of records one after the other. Throws a RangeError at the end of the bytes. */
export class BatchCursor {
  position: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** A 32-bit number; lengths and counts. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RangeError('a 32-bit number of variable length is longer than five bytes');
  }

  /** A 64-bit number as a double: timestamps in ms fit. */
  varlong(): number {
    const start = this.position;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    this.position = start;
    return Number(this.#bigVarlong());
  }

  /** Bytes with their length before them; -1 stands for null. They share memory with the batch. */
  nullableBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.take(length);
  }

  take(length: number): Buffer {
    const end = this.position + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('a record ends behind its batch');
    const taken = this.#bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  #bigVarlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new RangeError('a 64-bit number of variable length is longer than ten bytes');
  }

  #byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw new RangeError('a record ends behind its batch');
    this.position++;
    return byte;
  }
}
