/** Reads the fields of a request or an answer one after the other: of a flexible version, lengths are varints. */
export class WireFields {
  readonly #bytes: Buffer;
  readonly #flexible: boolean;
  #at = 0;

  constructor(bytes: Buffer, flexible: boolean) {
    this.#bytes = bytes;
    this.#flexible = flexible;
  }

  /** Answers where they were. */
  skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.skip(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.skip(8));
  }

  /** Of an array. */
  length(): number {
    return this.#flexible ? this.#varint() - 1 : this.int32();
  }

  /** Skips a text, which may be null. */
  text(): void {
    this.skip(Math.max(0, this.#flexible ? this.#varint() - 1 : this.int16()));
  }

  /** Those that follow their length. */
  bytes(): Buffer {
    const bytes = this.length();
    const at = this.skip(bytes);
    return this.#bytes.subarray(at, at + bytes);
  }

  /** So many, without a length. */
  raw(bytes: number): Buffer {
    const at = this.skip(bytes);
    return this.#bytes.subarray(at, at + bytes);
  }

  tags(): void {
    if (!this.#flexible) return;
    for (let left = this.#varint(); left > 0; left -= 1) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.skip(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
