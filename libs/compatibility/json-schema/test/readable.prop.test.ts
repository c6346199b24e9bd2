import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { jsonSchemaChanges } from '../src/index.ts';
import { CORPUS } from './corpus/index.ts';
import { newerMutationOf, newerSchemas } from './newer-schemas.ts';
import { mutationOf, schemas } from './schemas.ts';
import { validator, valuesFor } from './values.ts';

/** Readers fill defaults in before they look at what is required, which ajv does only at some places. */
const NEEDS_DEFAULTS = new Set([
  'REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED',
  'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL',
]);

function isCompatible(writer: unknown, reader: unknown): boolean {
  const parse = (schema: unknown): ReturnType<typeof parseJsonSchema> => parseJsonSchema(JSON.stringify(schema), []);
  const changes = jsonSchemaChanges(parse(reader), parse(writer), { policy: 'STRICT' });
  return changes.every(({ allowed, type }) => allowed && !NEEDS_DEFAULTS.has(type));
}

/** Wherever the rules see nothing that breaks, the reader accepts all sampled values that the writer does. */
function readsAll(pairs: fc.Arbitrary<readonly [unknown, unknown]>): void {
  let compatible = 0;
  let read = 0;
  fc.assert(
    fc.property(pairs, ([writer, reader]) => {
      if (!isCompatible(writer, reader)) return;
      compatible += 1;
      const accepts = validator(writer)!;
      const reads = validator(reader)!;
      for (const value of fc.sample(valuesFor(writer, reader), { numRuns: 60, seed: compatible })) {
        if (!accepts(value)) continue;
        read += 1;
        expect({ value, read: reads(value) }).toEqual({ value, read: true });
      }
    }),
    { numRuns: 700 },
  );
  expect([compatible > 80, read > 700]).toEqual([true, true]);
}

describe('what the rules call compatible can be read', () => {
  test('generated pairs: values valid under the writer are valid under the reader', () => {
    readsAll(schemas.chain((writer) => fc.tuple(fc.constant(writer), mutationOf(writer))));
  });

  test('generated pairs of draft 2020-12: values valid under the writer are valid under the reader', () => {
    readsAll(newerSchemas.chain((writer) => fc.tuple(fc.constant(writer), newerMutationOf(writer))));
  });

  test('the corpus, both ways: values valid under the writer are valid under the reader', () => {
    let read = 0;
    const pairs = Object.values(CORPUS).flatMap((cases) =>
      cases.flatMap(([title, a, b]) => [[title, a, b] as const, [`${title}, the other way`, b, a] as const]),
    );
    for (const [title, writer, reader] of pairs) {
      if (!isCompatible(writer, reader) || title.startsWith('only itself') || title.startsWith('bytes ')) continue;
      const accepts = validator(writer);
      const reads = validator(reader);
      if (accepts === undefined || reads === undefined) continue;
      for (const value of fc.sample(valuesFor(writer, reader), { numRuns: 200, seed: 7 })) {
        if (!accepts(value)) continue;
        read += 1;
        expect({ title, value, read: reads(value) }).toEqual({ title, value, read: true });
      }
    }
    expect(read).toBeGreaterThan(2_000);
  });
});
