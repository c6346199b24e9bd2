import pg from 'pg';
import { CopiedRows } from './copied-rows.ts';

/** Where rows can be had in Postgres's binary format. */
export interface CopySource {
  /**
   * The rows of a query that has no values, as they come in Postgres's binary format: for pages of many rows with bytea
   * columns, which are texts in hex otherwise. `bytesExpected` saves copying where it is about right.
   */
  copyOut(query: string, bytesExpected: number): Promise<CopiedRows>;
}

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
    return CopiedRows.of(this.#bytes.subarray(0, this.#length));
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
