import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { protobufRules } from '../src/index.ts';
import { schemaOf } from './schema-of.ts';

const p2 = (text: string): string => `syntax = "proto2"; ${text}`;
const p3 = (text: string): string => `syntax = "proto3"; ${text}`;

/**
 * Where Confluent's rules, which are followed to the letter, promise more than the bytes keep: title, old, new, what is written,
 * and what reading it gives (an error, or a value).
 */
const CASES: readonly (readonly [string, string, string, object, RegExp | object])[] = [
  [
    'a string becomes required',
    p2('message A { optional string a = 1; }'),
    p2('message A { required string a = 1; }'),
    {},
    /missing required/,
  ],
  [
    'a message becomes required',
    p2('message A { optional A a = 1; }'),
    p2('message A { required A a = 1; }'),
    {},
    /missing required/,
  ],
  [
    'a number without a label becomes required',
    p3('message A { int32 a = 1; }'),
    p2('message A { required int32 a = 1; }'),
    {},
    /missing required/,
  ],
  [
    'a required number becomes an enum of proto2',
    p2('message A { required int32 a = 1; } enum E { X = 0; }'),
    p2('message A { required E a = 1; } enum E { X = 0; }'),
    { a: 7 },
    /missing required/,
  ],
  [
    'a packed list becomes a single number',
    p3('message A { repeated int32 a = 1; }'),
    p3('message A { int32 a = 1; }'),
    { a: [1, 2] },
    { a: 0 },
  ],
  [
    'a number becomes narrower',
    p3('message A { int64 a = 1; }'),
    p3('message A { int32 a = 1; }'),
    { a: '4294967297' },
    { a: 1 },
  ],
  [
    'a number becomes unsigned',
    p3('message A { sfixed32 a = 1; }'),
    p3('message A { fixed32 a = 1; }'),
    { a: -1 },
    { a: 4294967295 },
  ],
];

describe("Confluent's rules are looser than the bytes where", () => {
  test.each(CASES)('%s', (_, older, newer, written, outcome) => {
    expect(protobufRules.differences(schemaOf(newer), schemaOf(older), { policy: 'STRICT' })).toEqual([]);
    const [writer, reader] = [older, newer].map((text) =>
      protobuf.parse(text, new protobuf.Root()).root.lookupType('A'),
    );
    const bytes = writer?.encode(writer.fromObject(written)).finish() ?? new Uint8Array();
    const read = (): unknown => reader?.toObject(reader.decode(bytes), { defaults: true, longs: String });
    if (outcome instanceof RegExp) expect(read).toThrow(outcome);
    else expect(read()).toEqual(outcome);
  });
});
