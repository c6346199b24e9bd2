import { type CompatibilityCase, pair } from '../compatibility-case.ts';

const p2 = (text: string): string => `syntax = "proto2"; ${text}`;

export const FILE_CASES: readonly CompatibilityCase[] = [
  pair('a package given', 'message A {}', 'package p; message A {}', 'neither way', 'PACKAGE_CHANGED #/'),
  pair('a package changed', 'package p; message A {}', 'package q; message A {}', 'neither way', 'PACKAGE_CHANGED #/'),
  pair(
    'a package changed around types that use each other',
    'package p; message A { B b = 1; } message B {}',
    'package q; message A { q.B b = 1; } message B {}',
    'neither way',
    'PACKAGE_CHANGED #/',
  ),
  pair(
    'a package taken away and a type changed',
    'package p; message A { int32 a = 1; }',
    'message A { string a = 1; }',
    'neither way',
    'PACKAGE_CHANGED #/',
    'FIELD_SCALAR_KIND_CHANGED #/A/1',
  ),
  pair(
    'file options',
    'message A {}',
    'option java_package = "x"; option optimize_for = SPEED; message A {}',
    'both ways',
  ),
  pair('message options', 'message A {}', 'message A { option deprecated = true; }', 'both ways'),
  pair(
    'comments and layout',
    'message A { int32 a = 1; }',
    '// of two\nmessage A {\n  /* one */ int32 a = 1;\n}',
    'both ways',
  ),
  pair(
    'a service and its methods',
    'message A {} service S { rpc Get (A) returns (A); }',
    'message A {} service S { rpc Put (A) returns (stream A); }',
    'both ways',
  ),
  pair('a service removed', 'message A {} service S { rpc Get (A) returns (A); }', 'message A {}', 'both ways'),
  pair(
    'proto2 optional and proto3 without a label',
    p2('message A { optional int32 a = 1; optional string b = 2; }'),
    'message A { int32 a = 1; string b = 2; }',
    'both ways',
  ),
  pair(
    'proto2 and proto3 optional',
    p2('message A { optional int32 a = 1; }'),
    'message A { optional int32 a = 1; }',
    'both ways',
  ),
  pair(
    'no syntax is proto2',
    p2('message A { optional int32 a = 1; }'),
    'syntax = "proto2"; message A { optional int32 a = 1; }',
    'both ways',
  ),
  pair('an edition', 'message A { int32 a = 1; }', 'edition = "2023"; message A { int32 a = 1; }', 'both ways'),
  pair(
    'another kind under an edition',
    'edition = "2023"; message A { int32 a = 1; }',
    'edition = "2023"; message A { string a = 1; }',
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/A/1',
  ),
  pair(
    'extension ranges',
    p2('message A { extensions 100 to 199; }'),
    p2('message A { extensions 100 to max; }'),
    'both ways',
  ),
  pair(
    'an extension added',
    p2('message A { extensions 100 to 199; }'),
    p2('message A { extensions 100 to 199; } extend A { optional int32 x = 100; }'),
    'both ways',
  ),
  pair(
    'an extension of another kind',
    p2('message A { extensions 100 to 199; } extend A { optional int32 x = 100; }'),
    p2('message A { extensions 100 to 199; } extend A { optional string x = 100; }'),
    'both ways',
  ),
];

export const GROUP_CASES: readonly CompatibilityCase[] = [
  pair(
    'a group added',
    p2('message A {}'),
    p2('message A { optional group G = 1 { optional int32 x = 1; } }'),
    'both ways',
    'FIELD_ADDED #/A/1',
  ),
  pair(
    'a group removed',
    p2('message A { repeated group G = 1 { optional int32 x = 1; } }'),
    p2('message A {}'),
    'both ways',
    'FIELD_REMOVED #/A/1',
  ),
  pair(
    'a required group added',
    p2('message A {}'),
    p2('message A { required group G = 1 {} }'),
    'neither way',
    'REQUIRED_FIELD_ADDED #/A/1',
  ),
  pair(
    'a group renamed',
    p2('message A { optional group G = 1 {} }'),
    p2('message A { optional group H = 1 {} }'),
    'both ways',
    'FIELD_NAME_CHANGED #/A/1',
  ),
  pair(
    'a group turned into a number',
    p2('message A { optional group G = 1 {} }'),
    p2('message A { optional int32 g = 1; }'),
    'neither way',
    'FIELD_KIND_CHANGED #/A/1',
  ),
  pair(
    'a group turned into a message',
    p2('message A { optional group G = 1 {} }'),
    p2('message A { optional B g = 1; } message B {}'),
    'neither way',
    'FIELD_KIND_CHANGED #/A/1',
    'MESSAGE_ADDED #/B',
  ),
  pair(
    'a type in a group changed',
    p2('message A { optional group G = 1 { optional int32 x = 2; } }'),
    p2('message A { optional group G = 1 { optional string x = 2; } }'),
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/A/1/2',
  ),
  pair(
    'a type in a group in a oneof changed',
    p2('message A { oneof o { group G = 1 { optional int32 x = 2; } } }'),
    p2('message A { oneof o { group G = 1 { optional float x = 2; } } }'),
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/A/o/1/2',
  ),
];
