import { expect, test } from '@jest/globals';
import { decodePayload, encodeWithHeader, readFrame } from '../src/index.ts';
import { decodeMessageIndexes, encodeMessageIndexes } from '../src/wire/message-indexes.ts';
import { stored, thrownBy } from './schemas.ts';

const GUID = '3f0c6a8e-5e34-4b9a-8d6e-0a1b2c3d4e5f';

test('an id is 0 and four bytes, big-endian', () => {
  expect(readFrame(Buffer.from('000000010203', 'hex'), undefined)).toEqual({ by: 'id', id: 258, offset: 5 });
});

test('a header with a guid comes before what the payload starts with', () => {
  const header = Buffer.from(`01${GUID.replaceAll('-', '')}0402`, 'hex');
  expect(readFrame(Buffer.from('0000000001', 'hex'), header)).toEqual({
    by: 'guid',
    guid: GUID,
    lead: Buffer.of(4, 2),
  });
});

test.each(['', '00000001', '0100000001', '00ffffffff'])('%p is not in the wire format', (hex) => {
  expect(thrownBy(() => readFrame(Buffer.from(hex, 'hex'), undefined))).toMatchObject({ code: 'WIRE_FORMAT_INVALID' });
});

test('a header that is cut is refused', () => {
  expect(thrownBy(() => readFrame(Buffer.alloc(9), Buffer.of(1, 2, 3)))).toMatchObject({ code: 'WIRE_FORMAT_INVALID' });
});

test('message indexes are zigzag varints, [0] is one byte', () => {
  const cases: [number[], string][] = [
    [[0], '00'],
    [[1], '0202'],
    [[1, 0], '040200'],
    [[0, 64, 8191], '06008001fe7f'],
  ];
  for (const [indexes, hex] of cases) {
    expect(encodeMessageIndexes(indexes).toString('hex')).toBe(hex);
    expect(decodeMessageIndexes(Buffer.from(`ff${hex}ff`, 'hex'), 1)).toEqual({ indexes, end: 1 + hex.length / 2 });
  }
  for (const hex of ['', '01', '04', '0401', 'ffffffffff', 'ffff03']) {
    expect(decodeMessageIndexes(Buffer.from(hex, 'hex'), 0)).toBeUndefined();
  }
});

test('with a header the payload is the value alone, and message indexes are in the header', () => {
  const schema = {
    ...stored('PROTOBUF', 'syntax = "proto3"; message A {} message B { string s = 1; }'),
    guid: GUID,
  };
  const { header, payload } = encodeWithHeader(schema, { s: 'x' }, { message: 'B' });
  expect(header.toString('hex')).toBe(`01${GUID.replaceAll('-', '')}0202`);
  expect(payload.toString('hex')).toBe('0a0178');
  const frame = readFrame(payload, header) as { lead: Buffer };
  expect(decodePayload(schema, Buffer.concat([frame.lead, payload]), 0)).toEqual({ s: 'x' });
});
