import { assert } from '#libs/foundation/kernel';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const FLAGS_BYTES = 4;
const NULL = -1;
const TRAILER = -1;

/** Reads rows of a binary copy one field after the other. */
export class CopiedRows {
  readonly buffer: Buffer;
  /** Where the next row or field begins. */
  at: number;

  /** `buffer` holds rows from `at` on. */
  constructor(buffer: Buffer, at: number) {
    this.buffer = buffer;
    this.at = at;
  }

  /** A whole copy, from its first row on. */
  static of(bytes: Buffer): CopiedRows {
    assert(bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'a binary copy begins with its signature');
    const extension = bytes.readInt32BE(SIGNATURE.length + FLAGS_BYTES);
    return new CopiedRows(bytes, SIGNATURE.length + FLAGS_BYTES + 4 + extension);
  }

  /** Goes to the next row; false behind the last one. */
  next(): boolean {
    const fields = this.buffer.readInt16BE(this.at);
    this.at += 2;
    return fields !== TRAILER;
  }

  /** Where the next field's bytes begin, -1 when it is null. They end at `at` then. */
  field(): number {
    const length = this.buffer.readInt32BE(this.at);
    const start = this.at + 4;
    if (length === NULL) {
      this.at = start;
      return NULL;
    }
    this.at = start + length;
    return start;
  }

  skip(fields: number): void {
    for (let left = fields; left > 0; left--) this.field();
  }

  /** Of int4. */
  int32(): number | null {
    const start = this.field();
    return start === NULL ? null : this.buffer.readInt32BE(start);
  }

  /** Of int8; not null. */
  int64(): bigint {
    return this.buffer.readBigInt64BE(this.field());
  }

  /** Of float8; not null. */
  float64(): number {
    return this.buffer.readDoubleBE(this.field());
  }

  text(): string | null {
    const start = this.field();
    return start === NULL ? null : this.buffer.toString('utf8', start, this.at);
  }

  /** Of bytea; shares memory with the copy. */
  bytes(): Buffer | null {
    const start = this.field();
    return start === NULL ? null : this.buffer.subarray(start, this.at);
  }
}
