import pg from 'pg';
import { assert } from '#libs/foundation/kernel';

/** Where rows can be had in Postgres's binary format. */
export interface CopySource {
  /**
   * The rows of a query that has no values, as they come in Postgres's binary format: for pages of many rows with bytea
   * columns, which are texts in hex otherwise. `bytesExpected` saves copying where it is about right.
   */
  copyOut(query: string, bytesExpected: number): Promise<CopiedRows>;
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const FLAGS_BYTES = 4;
const NULL = -1;
const TRAILER = -1;
/** Beyond the rows: the head, the end, and what a bad guess leaves out. */
const SPARE_BYTES = 4_096;

/** A copy to the client, as a query of pg. What comes is copied at once: pg uses its buffers again. */
export class CopyOut extends pg.Query {
  #bytes: Buffer;
  #length = 0;

  constructor(query: string, bytesExpected: number) {
    super(`copy (${query}) to stdout (format binary)`);
    this.#bytes = Buffer.allocUnsafe(bytesExpected + SPARE_BYTES);
  }

  copied(): CopiedRows {
    return new CopiedRows(this.#bytes.subarray(0, this.#length));
  }

  /** Called by pg for each piece; Postgres may put the borders of pieces anywhere. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }
}

/** Reads copied rows one field after the other. What it hands out is copied and holds nothing else in memory. */
export class CopiedRows {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer) {
    assert(bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'a binary copy begins with its signature');
    this.#bytes = bytes;
    const extension = bytes.readInt32BE(SIGNATURE.length + FLAGS_BYTES);
    this.#at = SIGNATURE.length + FLAGS_BYTES + 4 + extension;
  }

  /** Goes to the next row; false behind the last one. */
  next(): boolean {
    const fields = this.#bytes.readInt16BE(this.#at);
    this.#at += 2;
    return fields !== TRAILER;
  }

  /** Of int4. */
  int32(): number | null {
    const at = this.#field();
    return at === NULL ? null : this.#bytes.readInt32BE(at);
  }

  /** Of int8; not null. */
  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#field());
  }

  /** Of float8; not null. */
  float64(): number {
    return this.#bytes.readDoubleBE(this.#field());
  }

  /** Of text that is ASCII; not null. */
  ascii(): string {
    const at = this.#field();
    return this.#bytes.toString('latin1', at, this.#at);
  }

  text(): string | null {
    const at = this.#field();
    return at === NULL ? null : this.#bytes.toString('utf8', at, this.#at);
  }

  /** Of bytea. */
  bytes(): Buffer | null {
    const at = this.#field();
    if (at === NULL) return null;
    const copy = Buffer.allocUnsafe(this.#at - at);
    this.#bytes.copy(copy, 0, at, this.#at);
    return copy;
  }

  /** Where the next field begins; moves behind it. */
  #field(): number {
    const length = this.#bytes.readInt32BE(this.#at);
    const at = this.#at + 4;
    this.#at = length === NULL ? at : at + length;
    return length === NULL ? NULL : at;
  }
}
