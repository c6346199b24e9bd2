import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { frames, withLength } from '../src/proxy/frames.ts';

describe('frames of the Kafka protocol', () => {
  test('come out whole, however the stream is cut', async () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 60 }), async (messages, chunkBytes) => {
        const stream = Buffer.concat(messages.map((message) => withLength(Buffer.from(message))));
        const found: Buffer[] = [];
        for await (const frame of frames(chunksOf(stream, chunkBytes))) found.push(frame);
        expect(found).toEqual(messages.map((message) => Buffer.from(message)));
      }),
    );
  });

  test('what is no frame is refused', async () => {
    const read = async (): Promise<void> => {
      for await (const _ of frames(chunksOf(Buffer.from('GET / HTTP/1.1'), 14))) return;
    };
    await expect(read()).rejects.toThrow('not a message');
  });
});

async function* chunksOf(stream: Buffer, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < stream.length; at += bytes) yield await Promise.resolve(stream.subarray(at, at + bytes));
}
