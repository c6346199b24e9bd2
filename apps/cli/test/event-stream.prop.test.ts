import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamParser, type StreamEvent } from '../src/relay/event-stream.ts';

const event = fc.record({ id: fc.stringMatching(/^[0-9:,]{1,12}$/), data: fc.json() });

describe('event streams', () => {
  test('events come out the same however the stream is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.array(fc.nat(30), { maxLength: 40 }), (events, cuts) => {
        const text = events.map(({ id, data }) => `id: ${id}\nevent: record\ndata: ${data}\n\n: waiting\n\n`).join('');
        const parser = new EventStreamParser();
        const found: StreamEvent[] = [];
        let at = 0;
        for (const size of cuts) {
          found.push(...parser.push(text.slice(at, at + size)));
          at += size;
        }
        found.push(...parser.push(text.slice(at)));
        expect(found).toEqual(events.map(({ id, data }) => ({ id, event: 'record', data })));
      }),
    );
  });

  test('comments, carriage returns, several data lines and unknown fields are read as the standard says', () => {
    const parser = new EventStreamParser();
    expect(parser.push(': open\r\n\r\nretry: 5\r\ndata: a\r\ndata:b\r\n\r\n')).toEqual([
      { id: undefined, event: 'message', data: 'a\nb' },
    ]);
    // The id stays in force for later events; an event without data is none.
    expect(parser.push('id: 7\n\ndata: c\n\n')).toEqual([{ id: '7', event: 'message', data: 'c' }]);
  });
});
