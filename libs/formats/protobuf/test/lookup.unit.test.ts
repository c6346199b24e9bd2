import { describe, expect, test } from '@jest/globals';
import { messageAt, messageIndexes, messageNames, protobufFormat as format } from '#libs/formats/protobuf';

const customer = {
  name: 'customer.proto',
  text: 'syntax = "proto3"; package shop; message Customer { string id = 1; }',
};
const referring = 'syntax = "proto3"; package shop; import "customer.proto"; message Order { Customer by = 1; }';

describe('equivalence', () => {
  const base = format.parse(referring, [customer]);
  const same = (text: string, dependencies = [customer]): boolean =>
    format.equivalent(format.parse(text, dependencies), base);

  test('comments, layout, order of fields and how types are named make no difference', () => {
    expect(same(`// hello\n${referring.replace('Customer by', '.shop.Customer  by')}`)).toBe(true);
  });

  test('a schema with its imports inlined behind its own messages is the same', () => {
    expect(
      same(
        'syntax = "proto3"; package shop; message Order { Customer by = 1; } message Customer { string id = 1; }',
        [],
      ),
    ).toBe(true);
  });

  test('inlined before its own messages it is another: the indexes of messages differ', () => {
    expect(
      same(
        'syntax = "proto3"; package shop; message Customer { string id = 1; } message Order { Customer by = 1; }',
        [],
      ),
    ).toBe(false);
  });

  test.each([
    ['a field', referring.replace('by = 1', 'by = 2')],
    ['a name', referring.replace('by', 'from')],
    ['an option', referring.replace('by = 1', 'by = 1 [deprecated = true]')],
    ['the package', referring.replace('package shop', 'package mall').replace('Customer by', 'shop.Customer by')],
    ['the syntax', referring.replace('proto3', 'proto2').replace('Customer by', 'optional Customer by')],
  ])('%s that differs makes another schema', (_, text) => {
    expect(same(text)).toBe(false);
  });

  test('options of extension ranges do not count', () => {
    const text = (options: string) =>
      format.parse(`syntax = "proto2"; message M { extensions 1 to 9 ${options}; }`, []);
    expect(format.equivalent(text('[verification = UNVERIFIED]'), text(''))).toBe(true);
  });
});

describe('formats', () => {
  const text = `syntax = "proto2"; import "google/protobuf/descriptor.proto"; import "confluent/meta.proto";
option (custom) = 1; option java_package = "j";
extend google.protobuf.FileOptions { optional int32 custom = 50000; }
message M { extensions 5; optional int32 a = 1 [(confluent.field_meta).doc = "kept", (other) = 1, deprecated = true]; }`;

  test("ignore_extensions leaves out extensions and custom options, but Confluent's", () => {
    expect(format.formattedText(format.parse(text, []), 'ignore_extensions')).toBe(`syntax = "proto2";

import "google/protobuf/descriptor.proto";
import "confluent/meta.proto";

option java_package = "j";

message M {
  optional int32 a = 1 [
    (confluent.field_meta).doc = "kept",
    deprecated = true
  ];
}
`);
  });

  test('an unknown format is the canonical text', () => {
    const schema = format.parse(text, []);
    expect(format.formattedText(schema, 'whatever')).toBe(format.canonicalText(schema));
    expect(format.formattedText(schema, '')).toBe(format.canonicalText(schema));
  });

  test('an option whose extension is unknown is serialized uninterpreted, and comes back', () => {
    const schema = format.parse(
      'syntax = "proto3"; option (a.b).c = { d: 1 }; option (e) = -2; option (f) = "x"; option (g) = WORD;',
      [],
    );
    const back = format.parse(format.formattedText(schema, 'serialized'), []);
    expect(format.canonicalText(back)).toBe(format.canonicalText(schema));
  });
});

describe('message indexes', () => {
  const schema = format.parse(
    `syntax = "proto3"; package p.q; enum E { Z = 0; } message A { enum F { Y = 0; } message B { message C {} } message D {} map<string, B> m = 1; } message G {}`,
    [],
  );
  const expected: [string, number[]][] = [
    ['p.q.A', [0]],
    ['p.q.A.B', [0, 0]],
    ['p.q.A.B.C', [0, 0, 0]],
    ['p.q.A.D', [0, 1]],
    ['p.q.G', [1]],
  ];

  test('lead to every message and back', () => {
    expect(messageNames(schema)).toEqual(expected.map(([name]) => name));
    for (const [name, indexes] of expected) {
      expect(messageIndexes(schema, name)).toEqual(indexes);
      expect(messageAt(schema, indexes)?.fullName).toBe(name);
    }
    expect(messageAt(schema, [])?.fullName).toBe('p.q.A');
  });

  test('are undefined for what is no message', () => {
    for (const name of ['', 'p.q', 'p.q.E', 'p.q.A.X', 'p.q.AB', 'A'])
      expect(messageIndexes(schema, name)).toBeUndefined();
    for (const indexes of [[2], [0, 2], [1, 0], [-1]]) expect(messageAt(schema, indexes)).toBeUndefined();
  });
});
