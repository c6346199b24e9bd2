import { describe, expect, test } from '@jest/globals';
import { protobufRules } from '../src/index.ts';
import { schemaOf } from './schema-of.ts';

const only = (reader: string, writer: string): ReturnType<typeof protobufRules.differences>[number] | undefined => {
  const found = protobufRules.differences(schemaOf(reader), schemaOf(writer), { policy: 'STRICT' });
  expect(found).toHaveLength(1);
  return found[0];
};
const p2 = (text: string): string => `syntax = "proto2"; ${text}`;

/** Type, reader, writer, description, and what to do when the reader is the new schema and when the writer is. */
const CASES: readonly (readonly [string, string, string, string, string, string])[] = [
  [
    'PACKAGE_CHANGED',
    'package p; message A {}',
    'package q; message A {}',
    "The package at '#/' in the {reader} schema does not match the package in the {writer} schema",
    'Keep the package q of the old schema.',
    'Keep the package p of the old schema.',
  ],
  [
    'MESSAGE_REMOVED',
    'message A {}',
    'message A { message B {} }',
    "The {reader} schema is missing a MESSAGE type at path '#/A/B' in the {writer} schema",
    'Put the message A.B back; it may stay unused.',
    'Leave out the message A.B, which readers with the old schema do not know, or declare it in a file that this one imports.',
  ],
  [
    'FIELD_KIND_CHANGED',
    'message A { map<string, int32> a = 1; }',
    'message A { string a = 1; }',
    "The type of a field at path '#/A/1' in the {reader} schema does not match the {writer} schema",
    'Keep field 1 (a) of type string, or give the new one a number of its own and leave the old one as it is.',
    'Keep field 1 (a) of type map<string, int32>, or give the new one a number of its own and leave the old one as it is.',
  ],
  [
    'FIELD_SCALAR_KIND_CHANGED',
    'message A { int32 a = 1; }',
    'message A { string a = 1; }',
    "The kind of a SCALAR field at path '#/A/1' in the {reader} schema does not match its kind in the {writer} schema",
    'Keep field 1 (a) of type string, or give the new one a number of its own and leave the old one as it is.',
    'Keep field 1 (a) of type int32, or give the new one a number of its own and leave the old one as it is.',
  ],
  [
    'FIELD_NAMED_TYPE_CHANGED',
    'package p; message A { B a = 1; } message B {} message C {}',
    'package p; message A { C a = 1; } message B {} message C {}',
    "The type of a MESSAGE field at path '#/A/1' in the {reader} schema does not match its type in the {writer} schema",
    'Keep field 1 (a) of type p.C, with what is inside of that type compatible, or give the new one a number of its own and leave the old one as it is.',
    'Keep field 1 (a) of type p.B, with what is inside of that type compatible, or give the new one a number of its own and leave the old one as it is.',
  ],
  [
    'FIELD_NUMERIC_LABEL_CHANGED',
    p2('message A { optional int32 a = 1; }'),
    p2('message A { repeated int32 a = 1; }'),
    "The label for a NUMERIC field at path '#/A/1' in the {reader} schema does not match its label in the {writer} schema",
    'Keep field 1 (a) repeated, or give the new one a number of its own and leave the old one as it is.',
    'Keep field 1 (a) optional, or give the new one a number of its own and leave the old one as it is.',
  ],
  [
    'REQUIRED_FIELD_ADDED',
    p2('message A { required int32 a = 1; }'),
    p2('message A {}'),
    "A required field  at path '#/A/1' in the {reader} schema is missing in the {writer} schema",
    'Make field 1 (a) optional: what was written before does not have it.',
    'Put the required field 1 (a) back: readers with the old schema refuse a message without it.',
  ],
  [
    'REQUIRED_FIELD_REMOVED',
    p2('message A {}'),
    p2('message A { required int32 a = 1; }'),
    "The {reader} schema is missing a required field at path: '#/A/1' in the {writer} schema",
    'Put the required field 1 (a) back.',
    'Make field 1 (a) optional: readers with the old schema do not have it.',
  ],
  [
    'ONEOF_FIELD_REMOVED',
    'message A { oneof x { int32 a = 1; } }',
    'message A { oneof x { int32 a = 1; int32 b = 2; } }',
    "The {reader} schema is missing a oneof field at path '#/A/x/2' in the {writer} schema",
    'Put field 2 (b) back into its oneof, or declare it outside of one; it can be marked as deprecated.',
    'Declare field 2 (b) outside of the oneof: a reader with the old schema would take the oneof for empty.',
  ],
  [
    'MULTIPLE_FIELDS_MOVED_TO_ONEOF',
    'message A { oneof x { int32 a = 1; int32 b = 2; } }',
    'message A { int32 a = 1; int32 b = 2; }',
    "Multiple fields in the oneof at path '#/A/x' in the {reader} schema are outside a oneof in the {writer} schema",
    'Move at most one existing field into the oneof x: the others may have been written together with it.',
    'Keep in the oneof x the fields that the old schema has there: its readers keep only one of them.',
  ],
  [
    'FIELD_MOVED_TO_EXISTING_ONEOF',
    'message A { oneof x { int32 a = 1; int32 b = 2; } }',
    'message A { oneof x { int32 a = 1; } int32 b = 2; }',
    "A field in the oneof at path '#/A/x' in the {reader} schema is outside an existing oneof in the {writer} schema",
    'Leave the field outside of the oneof x, whose other fields may have been written together with it.',
    'Keep in the oneof x the fields that the old schema has there: its readers keep only one of them.',
  ],
];

describe('what a difference says', () => {
  test.each(CASES)('%s', (type, reader, writer, description, ifReaderIsNew, ifWriterIsNew) => {
    const found = only(reader, writer);
    expect(found).toMatchObject({ type, description, fix: { ifReaderIsNew, ifWriterIsNew } });
    expect(description).toContain(`'${found?.path}'`);
  });

  test('the policy makes no difference', () => {
    const [reader, writer] = [schemaOf('message A { int32 a = 1; }'), schemaOf('message A { string a = 1; }')];
    for (const policy of ['STRICT', 'LENIENT', 'LOGICAL'] as const) {
      expect(protobufRules.differences(reader, writer, { policy })).toHaveLength(1);
    }
  });
});
