/**
 * Cuts what a Postgres client sends into requests: all messages up to and with the one after which the server answers (Sync,
 * a simple Query, or a message of the start). Docs: Postgres manual, chapter "Frontend/Backend Protocol".
 */
export class FrontendRequests {
  #buffer = Buffer.alloc(0);
  /** Where the message begins that has not been looked at yet. */
  #at = 0;
  #started = false;

  /** The requests that are complete with this chunk. */
  push(chunk: Buffer): Buffer[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const requests: Buffer[] = [];
    for (;;) {
      // The first message has no type: length, then the protocol version.
      const lengthAt = this.#started ? this.#at + 1 : this.#at;
      if (this.#buffer.length < lengthAt + 4) return requests;
      const end = lengthAt + this.#buffer.readUInt32BE(lengthAt);
      if (this.#buffer.length < end) return requests;
      const type = this.#started ? String.fromCharCode(this.#buffer[this.#at]!) : 'start';
      this.#started = true;
      this.#at = end;
      if (EXTENDED.has(type)) continue;
      requests.push(this.#buffer.subarray(0, end));
      this.#buffer = this.#buffer.subarray(end);
      this.#at = 0;
    }
  }
}

/** Parse, Bind, Describe, Execute, Close, Flush: nothing is finished before the Sync that follows. */
const EXTENDED = new Set(['P', 'B', 'D', 'E', 'C', 'H']);
