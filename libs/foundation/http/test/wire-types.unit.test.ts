import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  serverSentEvents,
  type ServerSentEvent,
  zOffset,
  zQueryFlag,
  zTimestamp,
} from '../src/index.ts';

test.each([
  ['0', 0n],
  ['9007199254740993', 9_007_199_254_740_993n],
  ['9223372036854775807', 9_223_372_036_854_775_807n],
])('the offset %s is read exactly', (text, value) => {
  expect(zOffset.parse(text)).toBe(value);
});

test.each(['', '-1', '1.0', '1e3', ' 1', '0x10', '9223372036854775808', '99999999999999999999', 7])(
  '%p is no offset',
  (value) => {
    expect(zOffset.safeParse(value).success).toBe(false);
  },
);

test('times carry their zone; flags are words', () => {
  expect(zTimestamp.parse('2026-05-01T12:00:00+02:00').toISOString()).toBe('2026-05-01T10:00:00.000Z');
  expect(zTimestamp.safeParse('2026-05-01T12:00:00').success).toBe(false);
  expect([zQueryFlag.parse('false'), zQueryFlag.safeParse('0').success]).toEqual([false, false]);
});

describe('cursors', () => {
  const place = z.strictObject({ name: z.string(), at: z.int() });

  test('come back as they were', () => {
    expect(decodeCursor(encodeCursor({ name: 'é/?', at: 3 }), place)).toEqual({ name: 'é/?', at: 3 });
    expect(encodeCursor({ name: 'é/?', at: 3 })).toMatch(/^[\w-]+$/);
  });

  test.each(['', 'x', encodeCursor({ name: 1 }), encodeCursor(null)])('%p is refused', (cursor) => {
    expect(() => decodeCursor(cursor, place)).toThrow('query.cursor: not a cursor of this endpoint');
  });
});

describe('server-sent events', () => {
  const read = async (
    source: AsyncIterable<ServerSentEvent>,
    signal = new AbortController().signal,
  ): Promise<string> => {
    let text = '';
    for await (const chunk of serverSentEvents(source, { signal })) text += String(chunk);
    return text;
  };

  test('are framed so that no value can break out of its line', async () => {
    async function* source(): AsyncGenerator<ServerSentEvent> {
      yield { id: 'a\ndata: forged', event: 'x\r\ny', data: 'one\ntwo' };
    }
    expect(await read(source())).toBe(': open\n\nid: a data: forged\nevent: x  y\ndata: "one\\ntwo"\n\n');
  });

  test('an error of the source breaks the stream, and the source is closed', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<ServerSentEvent> {
      try {
        yield { data: 1 };
        throw new Error('lost the database');
      } finally {
        closed = true;
      }
    }
    await expect(read(source())).rejects.toThrow('lost the database');
    expect(closed).toBe(true);
  });

  test('the source is read only as fast as the stream is', async () => {
    let produced = 0;
    async function* source(): AsyncGenerator<ServerSentEvent> {
      for (;;) {
        produced += 1;
        yield { data: 'x'.repeat(10_000) };
      }
    }
    const stream = serverSentEvents(source(), { signal: new AbortController().signal });
    for await (const chunk of stream) {
      if (String(chunk).startsWith('data')) break;
    }
    // The buffer of the stream holds 64 kB, about six events.
    expect(produced).toBeLessThan(20);
  });
});
