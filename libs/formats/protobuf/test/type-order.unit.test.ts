import { describe, expect, test } from '@jest/globals';
import { messageAt, messageIndexes, messageNames, parseSchema, protobufFormat as format } from '#libs/formats/protobuf';

/** Every part that declares message types, in no order of kinds. */
const MIXED = `syntax = "proto2";
package g;
extend A { optional group FileExt = 100 { optional int32 x = 1; } }
message A {
  extensions 100 to 200;
  message N1 { optional int32 a = 1; }
  optional group G1 = 1 { optional int32 b = 1; message InG { optional int32 q = 1; } }
  map<string, N1> m = 2;
  oneof o { group G2 = 3 { optional int32 c = 1; } int32 plain = 4; }
  message N2 { optional int32 d = 1; }
  extend A { optional group G3 = 101 { optional int32 e = 1; } }
  message N3 { optional int32 f = 1; }
}
message B { optional int32 z = 1; }`;

/** As protobuf-es and protobuf-java count the types in the descriptor that protoc 3.21.12 makes of MIXED, entries of maps aside. */
const INDEXES: readonly [string, number[]][] = [
  ['g.FileExt', [0]],
  ['g.A', [1]],
  ['g.A.N1', [1, 0]],
  ['g.A.G1', [1, 1]],
  ['g.A.G1.InG', [1, 1, 0]],
  ['g.A.G2', [1, 2]],
  ['g.A.N2', [1, 3]],
  ['g.A.G3', [1, 4]],
  ['g.A.N3', [1, 5]],
  ['g.B', [2]],
];

/** What protoc 3.21.12 makes of the canonical text of MIXED, in base64. */
const DESCRIPTOR =
  'CgdkZWZhdWx0EgFnIhcKB0ZpbGVFeHQSDAoBeBgBIAEoBVIBeCLhAgoBQRIZCgFtGAIgAygLMgsuZy5BLk1FbnRyeVIBbRIXCgJnMRgBIAEoCjIHLmcuQS5HMVICZzESFgoFcGxhaW4YBCABKAVIAFIFcGxhaW4SGQoCZzIYAyABKAoyBy5nLkEuRzJIAFICZzIaPQoGTUVudHJ5EhAKA2tleRgBIAEoCVIDa2V5Eh0KBXZhbHVlGAIgASgLMgcuZy5BLk4xUgV2YWx1ZToCOAEaEgoCTjESDAoBYRgBIAEoBVIBYRonCgJHMRIMCgFiGAEgASgFUgFiGhMKA0luRxIMCgFxGAEgASgFUgFxGhIKAkcyEgwKAWMYASABKAVSAWMaEgoCTjISDAoBZBgBIAEoBVIBZBoSCgJHMxIMCgFlGAEgASgFUgFlGhIKAk4zEgwKAWYYASABKAVSAWYqBQhkEMkBMh0KAmczEgQuZy5BGGUgASgKMgcuZy5BLkczUgJnM0IDCgFvIhEKAUISDAoBehgBIAEoBVIBejoqCgdmaWxlZXh0EgQuZy5BGGQgASgKMgouZy5GaWxlRXh0UgdmaWxlZXh0';

const canonical = (text: string): string => format.canonicalText(parseSchema(text, []));
const serialized = (text: string): string => format.formattedText(parseSchema(text, []), 'serialized');

describe('groups are counted among the messages, in source order', () => {
  test.each([
    ['of a text', MIXED],
    ['of its canonical text', canonical(MIXED)],
    ['of its normal form', format.canonicalText(format.normalize(parseSchema(MIXED, [])))],
    ['of its descriptor', serialized(MIXED)],
    ['of the text that its descriptor gives', canonical(serialized(MIXED))],
  ])('%s', (_, text) => {
    const schema = parseSchema(text, []);
    expect(messageNames(schema)).toEqual(INDEXES.map(([name]) => name));
    for (const [name, indexes] of INDEXES) {
      expect(messageIndexes(schema, name)).toEqual(indexes);
      expect(messageAt(schema, indexes)?.fullName).toBe(name);
    }
    expect(() => format.validate(schema, { fields: true })).not.toThrow();
    expect(format.equivalent(schema, parseSchema(MIXED, []))).toBe(true);
  });

  test('in the descriptor as protoc makes it', () => {
    expect(format.formattedText(parseSchema(MIXED, []), 'serialized')).toBe(DESCRIPTOR);
    expect(serialized(canonical(MIXED))).toBe(DESCRIPTOR);
  });
});

describe('the canonical text', () => {
  test("keeps Confluent's layout where that keeps the indexes of nested messages", () => {
    const text = `syntax = "proto2"; message M { optional group G = 1 {} oneof o { group H = 2 {} } message N {} }`;
    expect(canonical(text)).toBe(`syntax = "proto2";

message M {
  oneof o {
    group H = 2 {}
  }

  optional group G = 1 {}

  message N {}
}
`);
    expect(messageIndexes(parseSchema(text, []), 'M.N')).toEqual([0, 2]);
  });

  test('lists what declares types in the order of the source where that layout would move a nested message', () => {
    const text = `syntax = "proto2"; message M { message N {} enum E { Z = 0; } optional group G = 1 {} oneof p { int32 a = 3; }
      oneof o { group H = 2 {} } message O {} }`;
    expect(canonical(text)).toBe(`syntax = "proto2";

message M {
  oneof p {
    int32 a = 3;
  }

  message N {}
  optional group G = 1 {}
  oneof o {
    group H = 2 {}
  }
  message O {}
  enum E {
    Z = 0;
  }
}
`);
    expect(canonical(canonical(text))).toBe(canonical(text));
  });

  test('of two orders of a group and a message is two schemas', () => {
    const before = 'syntax = "proto2"; message M { message N {} optional group G = 1 {} }';
    const after = 'syntax = "proto2"; message M { optional group G = 1 {} message N {} }';
    expect(format.equivalent(parseSchema(before, []), parseSchema(after, []))).toBe(false);
  });
});
