import { describe, expect, test } from '@jest/globals';
import { messageIndexes, parseSchema, protobufFormat as formats } from '#libs/formats/protobuf';
import { protoFile } from '../src/protobuf/proto-root.ts';
import { decodePayload, encodePayload, type StoredSchema } from '../src/index.ts';
import { stored, thrownBy } from './schemas.ts';

const proto3 = (text: string): StoredSchema => stored('PROTOBUF', `syntax = "proto3"; package shop; ${text}`);
const proto2 = (text: string): StoredSchema => stored('PROTOBUF', `syntax = "proto2"; ${text}`);
const roundTrip = (schema: StoredSchema, value: unknown, message?: string): unknown =>
  decodePayload(schema, encodePayload(schema, value, { message }), 5);
const body = (schema: StoredSchema, value: unknown): string => encodePayload(schema, value).toString('hex', 6);

describe('values', () => {
  test('64-bit numbers are bigints and lose nothing', () => {
    const types = ['int64', 'sint64', 'sfixed64', 'uint64', 'fixed64'];
    const schema = proto3(`message M { ${types.map((type, index) => `${type} ${type}_x = ${index + 1};`).join(' ')} }`);
    const low = {
      int64_x: -(2n ** 63n),
      sint64_x: -(2n ** 63n),
      sfixed64_x: -(2n ** 63n),
      uint64_x: 0n,
      fixed64_x: 0n,
    };
    const high = {
      int64_x: 2n ** 63n - 1n,
      sint64_x: 2n ** 63n - 1n,
      sfixed64_x: 2n ** 63n - 1n,
      uint64_x: 2n ** 64n - 1n,
      fixed64_x: 2n ** 64n - 1n,
    };
    expect(roundTrip(schema, low)).toEqual(low);
    expect(roundTrip(schema, high)).toEqual(high);
    expect(roundTrip(schema, { int64_x: 2n ** 53n + 1n })).toMatchObject({ int64_x: 2n ** 53n + 1n });
    expect(roundTrip(schema, { int64_x: -5 })).toMatchObject({ int64_x: -5n });
    expect(body(schema, { int64_x: -1n })).toBe('08ffffffffffffffffff01');
    expect(body(schema, { sint64_x: -1n })).toBe('1001');
  });

  test('fields keep their names; absent ones without presence are zero, the others are absent', () => {
    const schema = proto3(
      `message M { string some_text = 1; int32 n = 2; bool b = 3; bytes y = 4; repeated int32 l = 5; map<string, int32> m = 6;
       optional int32 o = 7; M sub = 8; E e = 9; uint64 u = 10; enum E { NONE = 0; ONE = 1; } }`,
    );
    expect(roundTrip(schema, {})).toStrictEqual({
      some_text: '',
      n: 0,
      b: false,
      y: Buffer.alloc(0),
      l: [],
      m: {},
      e: 'NONE',
      u: 0n,
    });
    expect(roundTrip(schema, { o: 0, sub: {}, e: 'ONE' })).toMatchObject({ o: 0, sub: { n: 0 }, e: 'ONE' });
    expect(body(schema, { some_text: '', n: 0, u: 0, e: 'NONE', y: Buffer.alloc(0) })).toBe('');
    expect(body(schema, { o: 0 })).toBe('3800');
  });

  test('minus zero is sent', () => {
    expect(roundTrip(proto3('message M { double d = 1; }'), { d: -0 })).toEqual({ d: -0 });
  });

  test('an enum is read by the first of its names, an open one keeps numbers it does not know', () => {
    const schema = proto3(
      'message M { repeated E e = 1; enum E { option allow_alias = true; A = 0; B = 1; BEE = 1; } }',
    );
    expect(roundTrip(schema, { e: ['A', 'BEE', 7, -3] })).toEqual({ e: ['A', 'B', 7, -3] });
  });

  test('a number that a closed enum does not know is no value', () => {
    const schema = proto2('message M { optional E e = 1; repeated E l = 2; enum E { A = 1; B = 2; } }');
    expect(decodePayload(schema, Buffer.from('00080910011009', 'hex'), 0)).toStrictEqual({ l: ['A'] });
    expect(thrownBy(() => encodePayload(schema, { e: 9 })).message).toContain('$.e: one of A, B expected');
  });

  test('of a oneof the last one read counts, and only one can be written', () => {
    const schema = proto3('message M { oneof how { string a = 1; int32 b = 2; M c = 3; } }');
    expect(decodePayload(schema, Buffer.from('000a01781005', 'hex'), 0)).toStrictEqual({ b: 5 });
    expect(roundTrip(schema, { c: {} })).toStrictEqual({ c: {} });
    expect(thrownBy(() => encodePayload(schema, { a: 'x', b: 1 })).message).toContain('$.b: only one of the oneof');
  });

  test('maps are objects, whatever their keys are', () => {
    const schema = proto3('message M { map<int64, M> a = 1; map<bool, string> b = 2; map<string, sint32> c = 3; }');
    const empty = { a: {}, b: {}, c: {} };
    const value = { a: { '-9007199254740993': empty }, b: { true: 'x' }, c: JSON.parse('{"__proto__":-1}') as object };
    const read = roundTrip(schema, value) as typeof value;
    expect(read.a).toEqual(value.a);
    expect(read.b).toEqual(value.b);
    expect(Object.entries(read.c)).toEqual([['__proto__', -1]]);
    expect(thrownBy(() => encodePayload(schema, { a: { x: {} } })).message).toContain('$.a.x');
  });

  test('a message that comes twice is merged, lists grow', () => {
    const schema = proto3('message M { S s = 1; } message S { int32 a = 1; int32 b = 2; repeated int32 l = 3; }');
    const bytes = Buffer.from('000a04080118030a0410021804', 'hex');
    expect(decodePayload(schema, bytes, 0)).toEqual({ s: { a: 1, b: 2, l: [3, 4] } });
  });

  test('numbers in lists are read packed or not', () => {
    const schema = proto3('message M { repeated int32 l = 1; }');
    expect(body(schema, { l: [1, 2] })).toBe('0a020102');
    expect(decodePayload(schema, Buffer.from('0008010a020203', 'hex'), 0)).toEqual({ l: [1, 2, 3] });
  });

  test('proto2: required, groups, and no packing unless asked', () => {
    const schema = proto2(
      'message M { required int32 r = 1; repeated int32 l = 2; optional group G = 3 { optional string x = 1; } }',
    );
    const value = { r: 0, l: [1], g: { x: 'y' } };
    expect(roundTrip(schema, value)).toStrictEqual(value);
    expect(body(schema, value)).toBe('080010011b0a01791c');
    expect(thrownBy(() => encodePayload(schema, {})).message).toContain('$.r: is required');
    expect(thrownBy(() => decodePayload(schema, Buffer.from('00', 'hex'), 0)).message).toContain('field r is missing');
  });

  test('an edition says what its features are', () => {
    const schema = stored(
      'PROTOBUF',
      'edition = "2023"; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }',
    );
    expect(roundTrip(schema, {})).toStrictEqual({ b: 0 });
  });
});

describe('messages of a file', () => {
  const file = proto3('message A { message B {} message C { int32 x = 1; } } message D { string s = 1; }');

  test('the first is written by default, others by name, with their indexes', () => {
    expect(encodePayload(file, {}).toString('hex')).toBe('000000001100');
    expect(encodePayload(file, { x: 1 }, { message: 'shop.A.C' }).toString('hex')).toBe('00000000110400020801');
    expect(encodePayload(file, { s: 'x' }, { message: 'shop.D' }).toString('hex')).toBe('000000001102020a0178');
    expect(roundTrip(file, { x: 1 }, 'shop.A.C')).toEqual({ x: 1 });
    expect(roundTrip(file, { s: 'x' }, 'shop.D')).toEqual({ s: 'x' });
  });

  test('a name that the file does not have is refused with those that it has', () => {
    expect(thrownBy(() => encodePayload(file, {}, { message: 'shop.E' }))).toMatchObject({
      code: 'SCHEMA_INVALID',
      message: 'the file has no message shop.E',
    });
  });

  test('the reader takes its own message of the name', () => {
    const reader = proto3('message D { string s = 1; int32 later = 2; } message A {}');
    const bytes = encodePayload(file, { s: 'x' }, { message: 'shop.D' });
    expect(decodePayload(file, bytes, 5, { reader })).toEqual({ s: 'x', later: 0 });
  });
});

test('fields are written in the order of their numbers, whatever that of the file', () => {
  const schema = proto3('message M { int32 c = 3; oneof o { int32 b = 2; } repeated int32 a = 1; }');
  expect(
    encodePayload(schema, { c: 3, b: 2, a: [1] })
      .toString('hex')
      .slice(12),
  ).toBe('0a010110021803');
});

describe('imports', () => {
  test('come from the references and from the well-known files', () => {
    const schema = stored(
      'PROTOBUF',
      'syntax = "proto3"; import "google/protobuf/timestamp.proto"; import "money.proto"; message O { google.protobuf.Timestamp at = 1; money.Amount sum = 2; }',
      [{ name: 'money.proto', text: 'syntax = "proto3"; package money; message Amount { int64 units = 1; }' }],
    );
    const value = { at: { seconds: 5n, nanos: 6 }, sum: { units: 7n } };
    expect(roundTrip(schema, value)).toEqual(value);
  });

  test('come from the files that every registry has, with what these import', () => {
    const schema = stored(
      'PROTOBUF',
      `syntax = "proto3"; import "google/type/datetime.proto"; import "confluent/type/decimal.proto"; import "confluent/meta.proto";
       message M { google.type.DateTime at = 1; confluent.type.Decimal amount = 2 [(confluent.field_meta).doc = "net"]; }`,
    );
    const value = {
      at: { year: 2026, utc_offset: { seconds: 3600n } },
      amount: { value: Buffer.of(1, 44), precision: 9, scale: 2 },
    };
    expect(roundTrip(schema, value)).toMatchObject(value);
  });

  test('the message indexes are those that the registry counts', () => {
    const text = `syntax = "proto2"; package p; enum E { A = 1; } message One { map<string, One> m = 1; message In { } optional group G = 2 { optional int32 x = 1; } message Last { enum F { B = 1; } } } message Two { }`;
    const counted = { 'p.One': [0], 'p.One.In': [0, 0], 'p.One.G': [0, 1], 'p.One.Last': [0, 2], 'p.Two': [1] };
    const schema = parseSchema(text, []);
    for (const each of [text, formats.canonicalText(schema)]) {
      const file = protoFile(each, []);
      const indexes = file.messages.map((message) => [message.fullName, message.indexes]);
      expect(Object.fromEntries(indexes)).toEqual(counted);
    }
    for (const [name, indexes] of Object.entries(counted)) expect(messageIndexes(schema, name)).toEqual(indexes);
  });

  test('are refused when they are neither', () => {
    const schema = stored('PROTOBUF', 'syntax = "proto3"; import "/etc/passwd"; message O {}');
    expect(thrownBy(() => encodePayload(schema, {}))).toMatchObject({ code: 'SCHEMA_INVALID' });
  });
});

describe('refusals', () => {
  const schema = proto3(
    'message M { string s = 1; int32 i = 2; repeated M l = 3; bool b = 4; bytes y = 5; float f = 6; uint32 u = 7; }',
  );
  test.each([
    [{ s: 1 }, '$.s: a string'],
    [{ i: 1.5 }, '$.i: a whole number of 32 bits'],
    [{ i: 2 ** 31 }, '$.i'],
    [{ i: 1n }, '$.i'],
    [{ u: -1 }, '$.u: a whole number of 32 bits, not negative'],
    [{ b: 1 }, '$.b: a boolean'],
    [{ y: 'x' }, '$.y: bytes'],
    [{ f: '1' }, '$.f: a number'],
    [{ l: {} }, '$.l: an array'],
    [{ l: [{}, { l: [{ s: null }] }] }, '$.l[1].l[0].s'],
    [{ typo: 1 }, '$.typo: message shop.M has no such field'],
    [[], '$: an object (message shop.M)'],
    [null, '$: an object'],
  ])('%p', (value, expected) => {
    const error = thrownBy(() => encodePayload(schema, value));
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID' });
    expect(error.message).toContain(expected);
  });

  test('bytes that end early, overrun or nest too deep', () => {
    const decode = (hex: string) => thrownBy(() => decodePayload(schema, Buffer.from(hex, 'hex'), 0));
    for (const hex of ['000a05', '001affffffff0f', '0015', '000a02c328', '0007', `00${'1b'.repeat(150)}`]) {
      expect(decode(hex)).toMatchObject({ code: 'PAYLOAD_INVALID' });
    }
  });
});
