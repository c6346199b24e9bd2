/** Room that stays allocated between payloads; larger ones get room of their own. */
const KEPT_BYTES = 64 * 1024;

/**
 * Where a payload of unknown size is written before it is copied to a buffer of its own. Writing is synchronous, so one is
 * enough for all; a write that a getter of the value starts in between gets room of its own.
 */
export class Scratch {
  #room: Buffer | undefined = Buffer.allocUnsafeSlow(KEPT_BYTES);

  /**
   * The prefix and what `write` puts behind it. `write` answers the end, or, when the room was too small, minus the number
   * of bytes that it lacked.
   */
  write(prefix: Uint8Array, write: (buffer: Buffer, position: number) => number): Buffer {
    const room = this.#room ?? Buffer.allocUnsafeSlow(KEPT_BYTES);
    this.#room = undefined;
    try {
      const end = write(room, prefix.length);
      const bytes = Buffer.allocUnsafe(end < 0 ? room.length - end : end);
      if (end < 0) write(bytes, prefix.length);
      else bytes.set(room.subarray(0, end));
      bytes.set(prefix);
      return bytes;
    } finally {
      this.#room = room;
    }
  }
}
