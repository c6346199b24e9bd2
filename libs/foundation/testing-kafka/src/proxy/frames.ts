const LENGTH_BYTES = 4;
/** As a broker's `socket.request.max.bytes`. */
const LONGEST = 104_857_600;

/** Cuts a stream of Kafka's protocol into its messages, without their length prefixes. Throws when one is impossibly long. */
export async function* frames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let have = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= LENGTH_BYTES) {
      if (chunks[0]!.length < LENGTH_BYTES) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]!.readInt32BE(0);
      if (length < 0 || length > LONGEST) throw new Error(`not a message of Kafka's: ${length} bytes long`);
      if (have < LENGTH_BYTES + length) break;
      const all = Buffer.concat(chunks);
      yield all.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
      const rest = all.subarray(LENGTH_BYTES + length);
      chunks = rest.length > 0 ? [rest] : [];
      have = rest.length;
    }
  }
}

/** The message as it goes over the wire. */
export function withLength(frame: Buffer): Buffer {
  const prefixed = Buffer.allocUnsafe(LENGTH_BYTES + frame.length);
  prefixed.writeInt32BE(frame.length, 0);
  frame.copy(prefixed, LENGTH_BYTES);
  return prefixed;
}
