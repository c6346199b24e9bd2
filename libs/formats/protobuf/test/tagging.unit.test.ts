import { describe, expect, test } from '@jest/globals';
import type { SchemaTags } from '#libs/formats/schema';
import { protobufFormat, protobufTagging } from '../src/index.ts';
import { schemaOf } from './schema-of.ts';

const record = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_record' },
  tags,
});
const field = (path: string, ...tags: string[]): SchemaTags => ({
  schemaEntity: { entityPath: path, entityType: 'sr_field' },
  tags,
});
const canonical = (text: string): string => protobufFormat.canonicalText(schemaOf(text));
const change = (text: string, add: SchemaTags[], remove: SchemaTags[] = []): string =>
  protobufTagging.change(schemaOf(text), add, remove, 'refuse');
const found = (text: string): SchemaTags[] => protobufTagging.find(schemaOf(text));

const META = 'import "confluent/meta.proto";';
const T_LAST =
  '(a) = 1, (b) = 1, (c) = 1, (d) = 1, (e) = 1, (f) = 1, (g) = 1, (h) = 1, (i) = 1, (j) = 1, (k) = 1, (l) = 1, T, (validate.rules) = 1, ctype = CORD, jstype = JS_STRING, lazy = true, weak = true';
const ORDER = `package acme; message Order {
  string id = 1 [deprecated = true];
  map<string, Line> lines = 2;
  oneof pay { string card = 3; bytes cash = 4; }
  message Line { int32 count = 1; }
  enum Kind { NONE = 0; }
} message Other {}`;

describe('the tags of a Protobuf schema', () => {
  test('are options of the messages and fields that names lead to, and all else stays', () => {
    const tags = [
      record('Order', 'A', 'B'),
      field('Order.id', 'PII'),
      field('Order.lines', 'L'),
      field('Order.card', 'PII'),
      record('Order.Line', 'C'),
      field('Order.Line.count', 'D'),
    ];
    const tagged = change(ORDER, tags);
    expect(tagged).toBe(`syntax = "proto3";
package acme;

message Order {
  option (confluent.message_meta) = {
    tags: [
      "A",
      "B"
    ]
  };

  string id = 1 [
    (confluent.field_meta) = {
      tags: [
        "PII"
      ]
    },
    deprecated = true
  ];
  map<string, Line> lines = 2 [(confluent.field_meta) = {
    tags: [
      "L"
    ]
  }];

  oneof pay {
    string card = 3 [(confluent.field_meta) = {
      tags: [
        "PII"
      ]
    }];
    bytes cash = 4;
  }

  message Line {
    option (confluent.message_meta) = {
      tags: [
        "C"
      ]
    };
  
    int32 count = 1 [(confluent.field_meta) = {
      tags: [
        "D"
      ]
    }];
  }
  enum Kind {
    NONE = 0;
  }
}
message Other {}
`);
    expect(canonical(tagged)).toBe(tagged);
    expect(() => protobufFormat.validate(schemaOf(tagged), { fields: true })).not.toThrow();
    expect(found(tagged)).toEqual(tags);
    expect(change(tagged, [], tags)).toBe(canonical(ORDER));
  });

  test('are added once and in order by any path that leads to a field', () => {
    const paths = ['Order.card', '.Order.card', 'Order.pay.card', 'acme.Order.card', '.acme.Order.pay.card'];
    const once = change(
      ORDER,
      paths.map((path, index) => field(path, 'same', `T${index}`)),
    );
    expect(found(once)).toEqual([field('Order.card', 'same', 'T0', 'T1', 'T2', 'T3', 'T4')]);
    expect(change(once, [field('Order.card', 'T3', 'same')])).toBe(once);
  });

  test('are read in every spelling and written in one, beside what else is noted there', () => {
    const text = `${META} message M {
      option (confluent.message_meta).tags = "A";
      option deprecated = true;
      option (.confluent.message_meta) = { doc: "d" tags: "B" };
      string f = 1 [(confluent.field_meta).tags = "X", (confluent.field_meta).tags = ["Y", "X"], json_name = "g"];
      string g = 2 [(confluent.field_meta) = { doc: "e", params: { key: "k" value: "v" } }];
    }`;
    expect(found(text)).toEqual([record('M', 'A', 'B'), field('M.f', 'X', 'Y')]);
    const tagged = change(text, [record('M', 'C'), field('M.g', 'G')], [field('M.f', 'X')]);
    expect(tagged).toBe(
      canonical(`${META} message M {
      option deprecated = true;
      option (confluent.message_meta) = { tags: ["A", "B", "C"], doc: "d" };
      string f = 1 [(confluent.field_meta) = { tags: ["Y"] }, json_name = "g"];
      string g = 2 [(confluent.field_meta) = { doc: "e", params: { key: "k" value: "v" }, tags: ["G"] }];
    }`),
    );
    expect(change(tagged, [], [field('M.f', 'Y'), record('M', 'A', 'B', 'C')])).toBe(
      canonical(`${META} message M {
      option deprecated = true;
      option (confluent.message_meta) = { doc: "d" };
      string f = 1 [json_name = "g"];
      string g = 2 [(confluent.field_meta) = { doc: "e", params: { key: "k" value: "v" }, tags: ["G"] }];
    }`),
    );
  });

  test('need no import of what declares their options, and stand in descriptors as if it were there', () => {
    const plain = 'message M { string f = 1; }';
    const tagged = change(plain, [record('M', 'T')]);
    expect(tagged).toBe(canonical('message M { option (confluent.message_meta) = { tags: ["T"] }; string f = 1; }'));
    expect(change(plain, [], [record('M', 'T')])).toBe(canonical(plain));
    expect(() => protobufFormat.validate(schemaOf(tagged), { fields: true })).not.toThrow();
    const serialized = (text: string): string => protobufFormat.formattedText(schemaOf(text), 'serialized');
    const decoded = protobufFormat.parse(serialized(tagged), []);
    const bytes = Buffer.from(serialized(tagged), 'base64').toString('hex');
    // MessageOptions, then Meta as their extension 1088, then its tag.
    expect(bytes).toContain('3a068244031a0154');
    expect(protobufTagging.find(decoded)).toEqual([record('M', 'T')]);
    const imported = serialized(`${META} ${tagged.slice(tagged.indexOf('message'))}`);
    expect(Buffer.from(imported, 'base64').toString('hex')).toContain('3a068244031a0154');
  });

  test("leave an option of the file's own with the same name to the file", () => {
    const own = `syntax = "proto2"; package confluent; import "google/protobuf/descriptor.proto";
      extend google.protobuf.MessageOptions { optional int32 message_meta = 50000; }
      message M { option (message_meta) = 1; }`;
    expect(() => protobufFormat.validate(schemaOf(own), { fields: true })).not.toThrow();
    expect(() =>
      protobufFormat.validate(schemaOf(own.replace('= 1; }', '= { tags: "T" }; }')), { fields: true }),
    ).toThrow(/message_meta/);
  });

  // In the order in which a HashMap of Java 17 gives the same names.
  test.each([
    ['deprecated = true, T', 'T, deprecated = true'],
    ['packed = false, deprecated = true, T', 'T, deprecated = true, packed = false'],
    ['(Aa) = 1, (BB) = 2, T', '(BB) = 2, (Aa) = 1, T'],
    [
      T_LAST,
      '(a) = 1, (b) = 1, (c) = 1, (d) = 1, (e) = 1, lazy = true, (f) = 1, (g) = 1, (validate.rules) = 1, (h) = 1, (i) = 1, (j) = 1, (k) = 1, (l) = 1, weak = true, jstype = JS_STRING, T, ctype = CORD',
    ],
    [
      'T, (acme.rule) = 1, ctype = CORD, jstype = JS_STRING, lazy = true, weak = true',
      '(acme.rule) = 1, T, ctype = CORD, lazy = true, weak = true, jstype = JS_STRING',
    ],
    ['json_name = "x", (o).a = 1, (.o).b.c = 2, T', 'T, (o) = { a: 1, b: { c: 2 } }, json_name = "x"'],
    ['(o) = 1, (o) = 2, T', 'T, (o) = 1, (o) = 2'],
    ['(o).a = 1, (o).a = 2, T', 'T, (o).a = 1, (o).a = 2'],
    ['(o).(p.q) = 1, T', 'T, (o).(p.q) = 1'],
  ])('order and merge the options around them as Confluent does: %s', (before, after) => {
    const withTags = (options: string, tags: string): string =>
      canonical(
        `message M { repeated int32 f = 1 [${options.replace(/\bT\b/, `(confluent.field_meta) = ${tags}`)}]; }`,
      );
    const tagged = change(withTags(before, '{ tags: ["A"] }'), [field('M.f', 'B')]);
    expect(tagged).toBe(withTags(after, '{ tags: ["A", "B"] }'));
  });

  test('reach the fields and messages of groups', () => {
    const text = `syntax = "proto2"; ${META} message M { optional group G = 1 { optional string x = 2; } }`;
    const tagged = change(text, [field('M.g', 'F'), record('M.G', 'R'), field('M.G.x', 'X')]);
    expect(found(tagged)).toEqual([field('M.g', 'F'), record('M.G', 'R'), field('M.G.x', 'X')]);
    expect(canonical(tagged)).toBe(tagged);
  });

  test.each([
    ['an unknown field', field('Order.missing', 'T')],
    ['an unknown message', record('Missing', 'T')],
    ['an enum', record('Order.Kind', 'T')],
    ['a wrong oneof', field('Order.other.card', 'T')],
    ['a message that is asked for as a field', field('Order', 'T')],
    ['a field that is asked for as a record', record('Order.id', 'T')],
    ['two leading dots', record('..Order', 'T')],
  ])('%s is refused by its path', (_, tags) => {
    const message = expect.stringContaining(`'${tags.schemaEntity.entityPath}'`);
    const refused = expect.objectContaining({ code: 'SCHEMA_INVALID', message });
    expect(() => change(ORDER, [tags])).toThrow(refused);
    expect(protobufTagging.change(schemaOf(ORDER), [tags], [], 'skip')).toBe(canonical(ORDER));
  });
});
