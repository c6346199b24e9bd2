import { type CompatibilityCase, pair } from '../compatibility-case.ts';

const USES_B = 'package p; import "b.proto"; message A { q.B b = 1; }';
const b = (body: string): Record<string, string> => ({ 'b.proto': `package q; message B { ${body} }` });

function importing(
  title: string,
  texts: { old: string; new: string },
  imports: { old?: Record<string, string>; new?: Record<string, string> },
  compatible: CompatibilityCase['compatible'],
  ...changes: readonly string[]
): CompatibilityCase {
  return {
    ...pair(title, texts.old, texts.new, compatible, ...changes),
    ...(imports.old && { oldImports: imports.old }),
    ...(imports.new && { newImports: imports.new }),
  };
}

const both = (text: string): { old: string; new: string } => ({ old: text, new: text });

export const IMPORT_CASES: readonly CompatibilityCase[] = [
  importing(
    'an imported message unchanged',
    both(USES_B),
    { old: b('int32 x = 1;'), new: b('int32 x = 1;') },
    'both ways',
  ),
  importing(
    'a field added to an imported message',
    both(USES_B),
    { old: b(''), new: b('int32 x = 1;') },
    'both ways',
    'FIELD_ADDED #/B/1',
  ),
  importing(
    'a type in an imported message changed',
    both(USES_B),
    { old: b('int32 x = 1;'), new: b('string x = 1;') },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'an imported message that no field uses',
    both('import "b.proto"; message A {}'),
    { old: b('int32 x = 1;'), new: b('string x = 1;') },
    'both ways',
  ),
  importing(
    'a message nested in an imported one',
    both('import "b.proto"; message A { q.B.C c = 1; }'),
    { old: b('message C { int32 x = 1; }'), new: b('message C { string x = 1; }') },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/C/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'a message removed from inside an imported one',
    both(USES_B),
    { old: b('message C {}'), new: b('') },
    'forward',
    'MESSAGE_REMOVED #/B/C',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'an imported message used twice is reported once inside',
    both('import "b.proto"; message A { q.B b = 1; q.B c = 2; }'),
    { old: b('int32 x = 1;'), new: b('string x = 1;') },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/2',
  ),
  importing(
    'an import of an import',
    both('import "c.proto"; message A { C c = 1; }'),
    {
      old: { ...b('int32 x = 1;'), 'c.proto': 'import "b.proto"; message C { q.B b = 1; }' },
      new: { ...b('double x = 1;'), 'c.proto': 'import "b.proto"; message C { q.B b = 1; }' },
    },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/1',
    'FIELD_NAMED_TYPE_CHANGED #/C/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'an imported message that holds itself',
    both(USES_B),
    { old: b('B next = 1; int32 x = 2;'), new: b('B next = 1; int64 x = 2;') },
    'both ways',
  ),
  importing(
    'an imported message that holds itself and changed',
    both(USES_B),
    { old: b('B next = 1; int32 x = 2;'), new: b('B next = 1; bytes x = 2;') },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/2',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'the package of an import changed',
    { old: USES_B, new: 'package p; import "b.proto"; message A { r.B b = 1; }' },
    { old: b('int32 x = 1;'), new: { 'b.proto': 'package r; message B { int32 x = 1; }' } },
    'both ways',
  ),
  importing(
    'the path of an import changed',
    { old: USES_B, new: 'package p; import "d/b.proto"; message A { q.B b = 1; }' },
    { old: b('int32 x = 1;'), new: { 'd/b.proto': 'package q; message B { int32 x = 1; }' } },
    'both ways',
  ),
  importing(
    'an imported message declared in the file instead',
    { old: 'import "b.proto"; message A { B b = 1; }', new: 'message A { B b = 1; } message B { int32 x = 1; }' },
    { old: { 'b.proto': 'message B { int32 x = 1; }' } },
    'backward',
    'MESSAGE_ADDED #/B',
  ),
  importing(
    'a message of the file imported instead',
    { old: 'message A { B b = 1; } message B { int32 x = 1; }', new: 'import "b.proto"; message A { B b = 1; }' },
    { new: { 'b.proto': 'message B { int32 x = 1; }' } },
    'forward',
    'MESSAGE_REMOVED #/B',
  ),
  importing(
    'an imported enum',
    both('import "e.proto"; message A { E e = 1; }'),
    { old: { 'e.proto': 'enum E { X = 0; }' }, new: { 'e.proto': 'enum E { Y = 0; Z = 1; }' } },
    'both ways',
  ),
  importing(
    'an imported message turned into an enum',
    both('import "e.proto"; message A { E e = 1; }'),
    { old: { 'e.proto': 'message E {}' }, new: { 'e.proto': 'enum E { Y = 0; }' } },
    'neither way',
    'FIELD_KIND_CHANGED #/A/1',
  ),
  importing(
    'an imported message as the value of a map',
    both('import "b.proto"; message A { map<string, q.B> b = 1; }'),
    { old: b('int32 x = 1;'), new: b('string x = 1;') },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  importing(
    'a public import',
    both('import "c.proto"; message A { q.B b = 1; }'),
    {
      old: { ...b('int32 x = 1;'), 'c.proto': 'import public "b.proto";' },
      new: { ...b('string x = 1;'), 'c.proto': 'import public "b.proto";' },
    },
    'neither way',
    'FIELD_SCALAR_KIND_CHANGED #/B/1',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  pair(
    'a built-in import',
    'import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp t = 1; }',
    'import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp t = 1; int32 b = 2; }',
    'both ways',
    'FIELD_ADDED #/A/2',
  ),
  pair(
    'a field of one built-in message turned into another',
    'import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp t = 1; }',
    'import "google/protobuf/duration.proto"; message A { google.protobuf.Duration t = 1; }',
    'neither way',
    'FIELD_NAMED_TYPE_CHANGED #/A/1',
  ),
  pair(
    'a wrapper turned into its scalar',
    'import "google/protobuf/wrappers.proto"; message A { google.protobuf.StringValue s = 1; }',
    'message A { string s = 1; }',
    'neither way',
    'FIELD_KIND_CHANGED #/A/1',
  ),
  pair(
    'a Struct, which holds itself',
    'import "google/protobuf/struct.proto"; message A { google.protobuf.Struct s = 1; }',
    'import "google/protobuf/struct.proto"; message A { .google.protobuf.Struct s = 1; }',
    'both ways',
  ),
  pair(
    "Confluent's and Google's decimals",
    'import "confluent/type/decimal.proto"; message A { confluent.type.Decimal d = 1; }',
    'import "google/type/decimal.proto"; message A { google.type.Decimal d = 1; }',
    'both ways',
    'FIELD_REMOVED #/Decimal/2',
    'FIELD_REMOVED #/Decimal/3',
  ),
  pair(
    "Confluent's annotations",
    'message A { int32 a = 1; }',
    'import "confluent/meta.proto"; message A { int32 a = 1 [(confluent.field_meta).tags = "PII"]; }',
    'both ways',
  ),
];
