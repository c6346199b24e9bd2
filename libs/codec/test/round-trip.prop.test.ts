import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { TidemarkError } from '#libs/foundation/kernel';
import { decodePayload, encodePayload, type StoredSchema } from '../src/index.ts';
import { avroPair } from './avro-pairs.ts';
import { protoPair } from './proto-pairs.ts';
import { stored } from './schemas.ts';

const seed = testSeed();
const runs = { seed, numRuns: 150 };
console.info(`codec round trips: SEED=${seed}`);

function expectIdentity(schema: StoredSchema, value: unknown): void {
  const bytes = encodePayload(schema, value);
  const read = decodePayload(schema, bytes, 5);
  expect(read).toStrictEqual(value);
  // What was read says the same bytes again.
  expect(decodePayload(schema, encodePayload(schema, read), 5)).toStrictEqual(value);
}

test('Avro: what is read is what was written', () => {
  fc.assert(
    fc.property(
      avroPair(3).chain(({ schema, value }) => fc.tuple(fc.constant(schema), fc.array(value, { maxLength: 5 }))),
      ([schema, values]) => {
        const known = stored('AVRO', JSON.stringify(schema));
        for (const value of values) expectIdentity(known, value);
      },
    ),
    runs,
  );
});

test('JSON: what is read is what was written, whole numbers of any size', () => {
  const big = fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value)));
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => {
    return (
      !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= 1e21)
    );
  });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      number,
      big,
      fc.string(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => expectIdentity(stored('JSON', {}), value)),
    runs,
  );
});

test('Protobuf: what is read is what was written', () => {
  fc.assert(
    fc.property(
      protoPair.chain(({ text, value }) => fc.tuple(fc.constant(text), fc.array(value, { maxLength: 5 }))),
      ([text, values]) => {
        const known = stored('PROTOBUF', text);
        for (const value of values) expectIdentity(known, value);
      },
    ),
    runs,
  );
});

test('bytes of any kind are read, or refused with an error of the catalogue', () => {
  const damaged = (schema: StoredSchema, bytes: Buffer): void => {
    try {
      decodePayload(schema, bytes, 0);
    } catch (error) {
      expect(error).toBeInstanceOf(TidemarkError);
    }
  };
  const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value));
  fc.assert(
    fc.property(avroPair(3), protoPair, bytes, ({ schema }, { text }, bytes) => {
      damaged(stored('AVRO', JSON.stringify(schema)), bytes);
      damaged(stored('PROTOBUF', text), bytes);
      damaged(stored('JSON', {}), bytes);
    }),
    runs,
  );
});
