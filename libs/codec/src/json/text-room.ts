/** UTF-8 takes at most so many bytes per UTF-16 unit. */
const BYTES_PER_UNIT = 3;
/** What small payloads share, as Node's own small Buffers do: one that is kept keeps this many bytes at most. */
const SHARED_BYTES = 16 * 1024;
/** Texts that may need more get a buffer of their own size. */
const SMALL_BYTES = SHARED_BYTES / 4;

/** What is beneath Buffer.write, and all that it comes to for text; protobufjs writes with it, too. */
type Utf8Buffer = Buffer & { utf8Write(text: string, position: number, bytesMax: number): number };

/** Where texts become payloads: written once, where they stay, without their bytes being counted or copied. */
export class TextRoom {
  #shared = Buffer.alloc(0) as Utf8Buffer;
  #used = 0;

  /** The prefix and the text in UTF-8. */
  write(prefix: Uint8Array, text: string): Buffer {
    const size = prefix.length + text.length * BYTES_PER_UNIT;
    if (size > SMALL_BYTES) return alone(prefix, text);
    if (this.#shared.length - this.#used < size) {
      this.#shared = Buffer.allocUnsafeSlow(SHARED_BYTES) as Utf8Buffer;
      this.#used = 0;
    }
    const start = this.#used;
    const from = start + prefix.length;
    this.#shared.set(prefix, start);
    this.#used = from + this.#shared.utf8Write(text, from, size - prefix.length);
    return this.#shared.subarray(start, this.#used);
  }
}

function alone(prefix: Uint8Array, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(prefix.length + Buffer.byteLength(text));
  bytes.set(prefix);
  bytes.write(text, prefix.length);
  return bytes;
}
