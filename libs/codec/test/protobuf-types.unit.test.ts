import { describe, expect, test } from '@jest/globals';
import { parseSchema, protobufTypeScript } from '#libs/formats/protobuf';
import { typeErrors } from '../../formats/protobuf/test/typescript/type-errors.ts';
import { decodePayload, encodePayload } from '../src/index.ts';
import { stored } from './schemas.ts';

/** Schema and values to write; what is read back has to be of the type that the schema gives. */
const CASES: readonly (readonly [string, string, readonly object[]])[] = [
  [
    'proto3',
    `syntax = "proto3"; import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto";
     message M { string s = 1; int64 l = 2; bytes y = 3; E e = 4; repeated E es = 5; map<int64, M> ms = 6; optional double d = 7;
       M m = 8; oneof o { uint64 u = 9; google.protobuf.Timestamp at = 10; } google.protobuf.Value v = 11; N n = 12; message N {} }
     enum E { X = 0; Y = 1; }`,
    [
      {},
      { s: 'a', l: 5n, y: Buffer.of(1), e: 'Y', es: ['X', 9], ms: { 7: { u: 1n } }, d: 0, m: {}, u: 0n, n: {} },
      {
        e: 9,
        at: { seconds: 1n },
        v: { list_value: { values: [{ null_value: 'NULL_VALUE' }, { bool_value: true }] } },
      },
    ],
  ],
  [
    'proto2',
    `syntax = "proto2"; message M { required sint64 l = 1; optional E e = 2; repeated bytes ys = 3; required N n = 4;
       optional group Part = 5 { optional bool b = 1; } map<string, E> es = 6; message N { optional string s = 1; } }
     enum E { X = 1; Y = 2; }`,
    [
      { l: -1n, n: {} },
      { l: 1, e: 'X', ys: [Buffer.of(0)], n: { s: '' }, part: { b: false }, es: { a: 'Y' } },
    ],
  ],
  [
    'an edition',
    `edition = "2023"; option features.field_presence = IMPLICIT;
     message M { int32 a = 1; int32 b = 2 [features.field_presence = EXPLICIT]; fixed64 c = 3; M m = 4; }`,
    [{}, { a: 1, b: 0, c: 7n, m: { b: 5 } }],
  ],
];

describe('what is decoded is of the type that the schema gives', () => {
  test.each(CASES)('%s', (_, text, values) => {
    const schema = stored('PROTOBUF', text);
    const types = protobufTypeScript(parseSchema(text, []));
    const decoded = values.map((value) => literal(decodePayload(schema, encodePayload(schema, value), 5)));
    expect(typeErrors(`${types} export const values: M[] = [${decoded.join(', ')}];`)).toEqual([]);
    expect(typeErrors(`${types} export const nothing: M = { other: 1 };`)).not.toEqual([]);
  });
});

function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join()}])`;
  if (Array.isArray(value)) return `[${value.map(literal).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${literal(member)}`);
  return `{ ${members.join(', ')} }`;
}
