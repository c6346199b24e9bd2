import { expect, test } from '@jest/globals';
import avro from 'avsc';
import fc from 'fast-check';
import { avroFormat } from '#libs/formats/avro';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { avroRules } from '../src/index.ts';
import { evolvedSchema } from './evolved-schema.ts';
import type { PlainSchema } from '../../../formats/avro/test/plain-schema.ts';
import { randomSchema } from '../../../formats/avro/test/random-schema.ts';
import { randomValue } from '../../../formats/avro/test/random-value.ts';

const seed = testSeed();
console.log(`seed ${seed}`);

interface Pair {
  readonly reader: PlainSchema;
  readonly writer: PlainSchema;
  /** Of the writer. */
  readonly values: readonly unknown[];
}

const pairs: fc.Arbitrary<Pair> = fc.integer().map((pairSeed) => {
  const random = seededRandom(pairSeed);
  const writer = randomSchema(random);
  const reader = evolvedSchema(writer, random);
  return { writer, reader, values: [1, 2, 3].map(() => randomValue(writer, random)) };
});

function isCompatible({ reader, writer }: Omit<Pair, 'values'>): boolean {
  const parse = (schema: PlainSchema) => avroFormat.parse(JSON.stringify(schema), []);
  return avroRules.differences(parse(reader), parse(writer), { policy: 'STRICT' }).length === 0;
}

const typeOf = (schema: PlainSchema): avro.Type => avro.Type.forSchema(schema as avro.Schema, { wrapUnions: true });

test('what is backward compatible can be read: avsc decodes data of the writer as the reader', () => {
  let compatible = 0;
  fc.assert(
    fc.property(pairs, (pair) => {
      if (!isCompatible(pair)) return;
      compatible += 1;
      const writer = typeOf(pair.writer);
      const reader = typeOf(pair.reader);
      const resolver = reader.createResolver(writer, { ignoreNamespaces: true });
      for (const value of pair.values) {
        const decoded: unknown = reader.fromBuffer(writer.toBuffer(value), resolver);
        expect(reader.isValid(decoded)).toBe(true);
      }
    }),
    { seed, numRuns: 1_500 },
  );
  expect(compatible).toBeGreaterThan(300);
});
