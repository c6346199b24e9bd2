import { expect, test } from '@jest/globals';
import { avroFormat } from '#libs/formats/avro';
import type { Difference } from '#libs/compatibility/levels';
import { avroRules } from '../src/index.ts';
import { GOLDEN } from './golden.ts';

const differences = (reader: string, writer: string, stepsMax?: number): Difference[] =>
  avroRules.differences(avroFormat.parse(reader, []), avroFormat.parse(writer, []), {
    policy: 'STRICT',
    ...(stepsMax === undefined ? {} : { stepsMax }),
  });

test.each(GOLDEN.filter(({ ambiguous }) => ambiguous === undefined))('as Java says: $name', (golden) => {
  const found = differences(golden.reader, golden.writer);
  expect(found.map(({ type, path, additionalInfo }) => `${type} ${path} ${additionalInfo}`)).toEqual(
    golden.differences,
  );
});

test.each(GOLDEN.filter(({ ambiguous }) => ambiguous))('incompatible, where Java throws: $name', (golden) => {
  expect(differences(golden.reader, golden.writer)).toContainEqual(
    expect.objectContaining({ type: 'READER_FIELD_AMBIGUOUS' }),
  );
});

const record = (...fields: unknown[]): string => JSON.stringify({ type: 'record', name: 'R', fields });
const OLD = { name: 'f1', type: 'string' };

// The reader, the writer, and all that is said of their one difference.
const wordings: [reader: string, writer: string, expected: Difference][] = [
  [
    record(OLD, { name: 'f2', type: 'string' }),
    record(OLD),
    {
      type: 'READER_FIELD_MISSING_DEFAULT_VALUE',
      path: '/fields/1',
      description:
        "The field 'f2' at path '/fields/1' in the {reader} schema has no default value and is missing in the {writer} schema",
      additionalInfo: 'f2',
      fix: {
        ifReaderIsNew: `Give the field 'f2' a default, such as "". If it is an old field with a new name, add the old name to its "aliases" instead.`,
        ifWriterIsNew:
          "Keep the field 'f2': consumers that still have the old schema need it and have no default for it.",
      },
    },
  ],
  [
    record({ name: 'f1', type: 'int' }),
    record(OLD),
    {
      type: 'TYPE_MISMATCH',
      path: '/fields/0/type',
      description:
        "The type (path '/fields/0/type') of a field in the {reader} schema does not match with the {writer} schema",
      additionalInfo: 'reader type: INT not compatible with writer type: STRING',
      fix: {
        ifReaderIsNew:
          'Old data has string here: use a type that reads it (string, bytes, or a union with one of them), or keep the old field and add a new one with a default.',
        ifWriterIsNew:
          'Old consumers expect int here: write a type that they read (int), or keep the old field and add a new one beside it.',
      },
    },
  ],
  [
    '["null","int"]',
    '["null","int","string"]',
    {
      type: 'MISSING_UNION_BRANCH',
      path: '/2',
      description: "The {reader} schema is missing a type inside a union field at path '/2' in the {writer} schema",
      additionalInfo: 'reader union lacking writer type: STRING',
      fix: {
        ifReaderIsNew:
          "Old data can have string here: the new union needs a branch that reads it; now it has 'null', 'int'.",
        ifWriterIsNew:
          "Old consumers know 'null', 'int' here: do not write string until they have a schema that reads it.",
      },
    },
  ],
  [
    '{"type":"enum","name":"E","symbols":["A"]}',
    '{"type":"enum","name":"E","symbols":["A","C","B"]}',
    {
      type: 'MISSING_ENUM_SYMBOLS',
      path: '/symbols',
      description: "The {reader} schema is missing enum symbols '[B, C]' at path '/symbols' in the {writer} schema",
      additionalInfo: '[B, C]',
      fix: {
        ifReaderIsNew: `Keep 'B', 'C' in the enum, or give the enum a "default" that stands for symbols it does not know.`,
        ifWriterIsNew: `Leave 'B', 'C' out until consumers have a schema that knows them, or one whose enum has a "default".`,
      },
    },
  ],
  [
    '{"type":"enum","name":"n.F","symbols":["A"]}',
    '{"type":"enum","name":"n.E","symbols":["A"]}',
    {
      type: 'NAME_MISMATCH',
      path: '/name',
      description: "The name of the schema has changed (path '/name')",
      additionalInfo: 'expected: n.E',
      fix: {
        ifReaderIsNew: 'Add "n.E" to the "aliases" of n.F, or keep the old name.',
        ifWriterIsNew: 'Keep the name F: consumers with the old schema know the type by it.',
      },
    },
  ],
  [
    '{"type":"fixed","name":"F","size":4}',
    '{"type":"fixed","name":"F","size":8}',
    {
      type: 'FIXED_SIZE_MISMATCH',
      path: '/size',
      description:
        "The size of FIXED type field at path '/size' in the {reader} schema does not match with the {writer} schema",
      additionalInfo: 'expected: 8, found: 4',
      fix: {
        ifReaderIsNew:
          'Keep the size of 8 bytes, or put values of another size into a new field with a type of its own.',
        ifWriterIsNew:
          'Keep the size of 4 bytes, or put values of another size into a new field with a type of its own.',
      },
    },
  ],
  [
    record({ name: 'a', type: 'int', aliases: ['b'] }),
    record({ name: 'a', type: 'int' }, { name: 'b', type: 'int' }),
    {
      type: 'READER_FIELD_AMBIGUOUS',
      path: '/fields/0',
      description:
        "The field 'a' at path '/fields/0' in the {reader} schema matches several fields of the {writer} schema by its name and its aliases",
      additionalInfo: 'a',
      fix: {
        ifReaderIsNew:
          "Keep one of the names of the field 'a': old data has 'a', 'b', and a reader cannot tell which one is meant.",
        ifWriterIsNew: "Write only one of 'a', 'b': consumers with the old schema take each of them for 'a'.",
      },
    },
  ],
];

test.each(wordings)('%s cannot read %s: what is wrong and what mends it', (reader, writer, expected) => {
  expect(differences(reader, writer)).toEqual([expected]);
});

test.each([
  ['"null"', 'null'],
  ['"boolean"', 'false'],
  ['"double"', '0'],
  ['"bytes"', '""'],
  ['["null","int"]', 'null'],
  ['["int","null"]', '0'],
  ['{"type":"array","items":"int"}', '[]'],
  ['{"type":"map","values":"int"}', '{}'],
  ['{"type":"enum","name":"E","symbols":["A","B"]}', '"A"'],
  ['{"type":"fixed","name":"F","size":2}', 'null, with the type in a union after "null"'],
])('a missing default of %s: %s is suggested', (type, suggested) => {
  const [found] = differences(record({ name: 'f', type: JSON.parse(type) as unknown }), record());
  expect(found?.fix.ifReaderIsNew).toMatch(`such as ${suggested}.`);
});

/** Named types in a chain, each the only field of the one before it. */
function chain(length: number, last: string): string {
  const types = Array.from({ length }, (_, index) => ({
    type: 'record',
    name: `T${index}`,
    fields: [{ name: 'next', type: index === 0 ? last : `T${index - 1}` }],
  }));
  return JSON.stringify(types);
}

/** Fixed types, each of a name of its own. */
const fixed = (prefix: string, length = 2_000): { readonly name: string }[] =>
  Array.from({ length }, (_, index) => ({ type: 'fixed', name: `${prefix}${index}`, size: 1 }));
const union = (types: readonly object[]): string => JSON.stringify(types);

test('large unions are compared by the names of their branches', () => {
  expect(differences(union(fixed('A')), union(fixed('A').toReversed()), 20_000)).toEqual([]);
  const renamed = fixed('A').map((type, index) => ({ ...type, name: `B${index}`, aliases: [`A${index}`] }));
  expect(differences(union(renamed), union(fixed('A').toReversed()), 20_000)).toEqual([]);
  const [missing, ...others] = differences(union(fixed('A').slice(1)), union(fixed('A').toReversed()), 20_000);
  expect([missing?.type, missing?.path, others]).toEqual(['MISSING_UNION_BRANCH', '/1999', []]);
  expect(differences(union(fixed('A')), union(fixed('B')), 20_000)).toHaveLength(2_000);
});

test('a branch of another name reads what it was compared with elsewhere, as in Java', () => {
  const node = (name: string): string =>
    JSON.stringify({ type: 'record', name, fields: [{ name: 'next', type: ['null', name] }] });
  expect(differences(node('A'), node('B')).map(({ type }) => type)).toEqual(['NAME_MISMATCH']);
});

test('a comparison that takes too many steps is refused, whatever the schemas', () => {
  const wide = (length: number): string =>
    record(...Array.from({ length }, (_, index) => ({ ...OLD, name: `f${index}` })));
  expect(() => differences(wide(100), wide(100), 200)).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }));
  expect(() => differences(chain(50, 'int'), chain(50, 'int'), 20)).toThrow(
    expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }),
  );
});

test('of differences that multiply with every use of a type the first 2,000 are listed', () => {
  // Each type uses the one before it twice, so that the difference at the bottom is reported 2^30 times.
  const doubling = (last: string): string => {
    let inner: unknown = last;
    for (let index = 0; index < 30; index += 1) {
      const name = `T${index}`;
      const again = index === 0 ? last : `T${index - 1}`;
      inner = { type: 'record', name, fields: [OLD, { name: 'a', type: inner }, { name: 'b', type: again }] };
    }
    return JSON.stringify(inner);
  };
  const found = differences(doubling('int'), doubling('string'), 5_000);
  expect(found).toHaveLength(2_000);
  expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['TYPE_MISMATCH']));
  expect(differences(doubling('long'), doubling('int'), 5_000)).toEqual([]);
});
