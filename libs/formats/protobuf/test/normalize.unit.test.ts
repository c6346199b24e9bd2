import { describe, expect, test } from '@jest/globals';
import { protobufFormat as format } from '#libs/formats/protobuf';

const rules = {
  name: 'rules.proto',
  text: `syntax = "proto2"; package check;
import "google/protobuf/descriptor.proto";
message Rules { optional Text text = 1; repeated Text texts = 2; optional int32 level = 3; oneof more { Text other = 4; } map<string, Text> named = 5; }
message Text { optional int32 min = 1; optional int32 max = 2; repeated string tags = 3; }
extend google.protobuf.FieldOptions { optional Rules field = 70000; repeated string note = 70001; }`,
};

function normal(text: string): string {
  const schema = format.parse(text, [rules]);
  const normalized = format.normalize(schema);
  const printed = format.canonicalText(normalized);
  expect(format.canonicalText(format.normalize(format.parse(printed, [rules])))).toBe(printed);
  return printed;
}

function field(options: string): string {
  const printed = normal(`syntax = "proto3"; import "rules.proto"; message M { string a = 1 [${options}]; }`);
  format.validate(format.parse(printed, [rules]), { fields: false });
  return printed.slice(printed.indexOf('string a = 1') + 13, printed.lastIndexOf(';')).replaceAll(/\s+/g, ' ');
}

describe('options of one message are merged by what its fields are', () => {
  test.each([
    [
      'singular messages become one',
      '(check.field).text.min = 1, (check.field).text.max = 3',
      '[(check.field) = { text: { max: 3, min: 1 } }]',
    ],
    [
      'within a oneof too',
      '(check.field).other.min = 1, (check.field).other.max = 3',
      '[(check.field) = { other: { max: 3, min: 1 } }]',
    ],
    [
      'repeated messages stay apart',
      '(check.field).texts = {min: 1}, (check.field).texts = {max: 3}',
      '[(check.field) = { texts: [ { min: 1 }, { max: 3 } ] }]',
    ],
    [
      'repeated scalars are listed',
      '(check.field).text.tags = "b", (check.field).text.tags = "a"',
      '[(check.field) = { text: { tags: [ "b", "a" ] } }]',
    ],
    [
      'of a scalar the last counts',
      '(check.field) = {level: 1}, (check.field).level = 2',
      '[(check.field) = { level: 2 }]',
    ],
    [
      'entries of maps are listed',
      '(check.field).named = {key: "k"}, (check.field).named = {key: "l"}',
      '[(check.field) = { named: [ { key: "k" }, { key: "l" } ] }]',
    ],
    [
      'repeated options stay apart',
      '(check.note) = "b", (check.note) = "a"',
      '[ (check.note) = "b", (check.note) = "a" ]',
    ],
    [
      'a list of one is its element',
      '(check.field) = {texts: [{min: 0x10}]}',
      '[(check.field) = { texts: { min: 16 } }]',
    ],
  ])('%s', (_, written, expected) => {
    expect(field(written)).toBe(expected);
  });
});

test('options of unknown extensions stay as they are', () => {
  expect(
    normal('syntax = "proto3"; message M { string a = 1 [(z.y).min = 1, (z.y).max = 2, deprecated = true]; }'),
  ).toContain('string a = 1 [\n    deprecated = true,\n    (z.y).min = 1,\n    (z.y).max = 2\n  ];');
});

test('fields, oneofs, reserved numbers, ranges and values of enums are sorted; messages, services and rpcs are not', () => {
  const text = `syntax = "proto2"; package p; import "b.proto"; import "a.proto"; import "b.proto";
option java_package = "x"; option go_package = "y";
message Z { optional A b = 9; oneof second { int32 y = 8; int32 x = 7; } oneof first { int32 w = 6; } optional p.Z a = 1;
  reserved "n", "m"; reserved 30, 20 to 22; extensions 50, 40 to 44; }
message A { enum E { C = 3; B = 2; D = 2; option allow_alias = true; } }
service T { rpc Y (A) returns (stream Z); rpc X (p.A) returns (.p.A); } service S { }`;
  expect(normal(text)).toBe(`package p;

import "a.proto";
import "b.proto";

option go_package = "y";
option java_package = "x";

message Z {
  reserved 20 to 22;
  reserved 30;
  reserved "m";
  reserved "n";

  optional .p.Z a = 1;
  optional .p.A b = 9;

  oneof first {
    int32 w = 6;
  }
  oneof second {
    int32 x = 7;
    int32 y = 8;
  }

  extensions 40 to 44;
  extensions 50;
}
message A {
  enum E {
    option allow_alias = true;
    B = 2;
    D = 2;
    C = 3;
  }
}

service T {
  rpc Y (.p.A) returns (stream .p.Z);
  rpc X (.p.A) returns (.p.A);
}
service S {}
`);
});

test('zero stays first in an enum that starts with it, which proto3 and maps need', () => {
  const text = 'syntax = "proto3"; enum E { ZERO = 0; TWO = 2; MINUS = -1; }';
  expect(normal(text)).toContain('  ZERO = 0;\n  MINUS = -1;\n  TWO = 2;\n');
});

test('the spelled out entry of a map is the map', () => {
  const spelled = `syntax = "proto3"; package p; message M { repeated .p.M.CountsEntry counts = 1;
    message CountsEntry { option map_entry = true; string key = 1; N value = 2; } message N {} }`;
  const short = 'syntax = "proto3"; package p; message M { map<string, N> counts = 1; message N {} }';
  expect(normal(spelled)).toBe(normal(short));
  expect(format.equivalent(format.parse(spelled, []), format.parse(short, []))).toBe(true);
});
