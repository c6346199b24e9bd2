import { describe, expect, test } from '@jest/globals';
import { fieldNames, protobufFormat as format } from '#libs/formats/protobuf';
import { CORPUS_IMPORTS } from './support/corpus.ts';
import { VALIDATION_CASES } from './support/validation-cases.ts';

function errorOf(text: string): { code: string; message: string } | null {
  const schema = format.parse(text, CORPUS_IMPORTS);
  try {
    format.validate(schema, { fields: true });
    return null;
  } catch (error) {
    return error as { code: string; message: string };
  }
}

describe('validation decides as protoc does', () => {
  test.each(VALIDATION_CASES.filter(({ error }) => error === null))('valid: $text', ({ text }) => {
    expect(errorOf(text)).toBeNull();
  });

  test.each(VALIDATION_CASES.filter(({ error }) => error !== null))('invalid: $text', ({ text, error }) => {
    expect(errorOf(text)).toMatchObject({ code: 'SCHEMA_INVALID', message: expect.stringMatching(error as RegExp) });
  });
});

test('a missing import of an import is named with the file that has it', () => {
  const schema = format.parse('syntax = "proto3"; import "a.proto";', [{ name: 'a.proto', text: 'import "b.proto";' }]);
  expect(() => format.validate(schema, { fields: false })).toThrow(/import "b.proto" of "a.proto" is missing/);
});

test('a private import of an import is not visible, a public one is', () => {
  const inner = { name: 'c.proto', text: 'syntax = "proto3"; message C {}' };
  const middle = (kind: string) => ({ name: 'b.proto', text: `syntax = "proto3"; import ${kind} "c.proto";` });
  const text = 'syntax = "proto3"; import "b.proto"; message A { C c = 1; }';
  const validate = (kind: string) => format.validate(format.parse(text, [middle(kind), inner]), { fields: false });
  expect(() => validate('public')).not.toThrow();
  expect(() => validate('')).toThrow(/"C" is not defined/);
});

test('imports in a circle are refused by name', () => {
  const dependencies = [
    { name: 'a.proto', text: 'import "b.proto";' },
    { name: 'b.proto', text: 'import "a.proto";' },
  ];
  expect(() => format.parse('import "a.proto";', dependencies)).toThrow(/"a.proto" imports itself, through "b.proto"/);
});

test('field names are those of the first message, oneofs included', () => {
  const schema = format.parse(
    'syntax = "proto3"; enum E { Z = 0; } message M { int32 a = 1; oneof o { int32 b = 2; } }',
    [],
  );
  expect(fieldNames(schema)).toEqual(['a', 'b']);
});
