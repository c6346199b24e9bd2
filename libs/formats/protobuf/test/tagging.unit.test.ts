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
const ORDER = `package acme; ${META} message Order {
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

import "confluent/meta.proto";

message Order {
  option (confluent.message_meta) = {
    tags: [
      "A",
      "B"
    ]
  };

  string id = 1 [
    deprecated = true,
    (confluent.field_meta) = {
      tags: [
        "PII"
      ]
    }
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
      option (confluent.message_meta) = { tags: ["A", "B", "C"], doc: "d" };
      option deprecated = true;
      string f = 1 [(confluent.field_meta) = { tags: ["Y"] }, json_name = "g"];
      string g = 2 [(confluent.field_meta) = { doc: "e", params: { key: "k" value: "v" }, tags: ["G"] }];
    }`),
    );
    expect(change(tagged, [], [field('M.f', 'Y'), record('M', 'A', 'B', 'C')])).toBe(
      canonical(`${META} message M {
      option (confluent.message_meta) = { doc: "d" };
      option deprecated = true;
      string f = 1 [json_name = "g"];
      string g = 2 [(confluent.field_meta) = { doc: "e", params: { key: "k" value: "v" }, tags: ["G"] }];
    }`),
    );
  });

  test('bring the import of what declares their options along, unless it is visible already', () => {
    const plain = 'message M { string f = 1; }';
    expect(change(plain, [record('M', 'T')])).toBe(
      canonical(`${META} message M { option (confluent.message_meta) = { tags: ["T"] }; string f = 1; }`),
    );
    expect(change(plain, [], [record('M', 'T')])).toBe(canonical(plain));
    const through = schemaOf('import "all.proto"; message M {}', {
      'all.proto': 'import public "confluent/meta.proto";',
    });
    const tagged = protobufTagging.change(through, [record('M', 'T')], [], 'refuse');
    expect(tagged).not.toContain('import "confluent/meta.proto"');
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
