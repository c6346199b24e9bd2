import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { PositionTable } from '../src/postgres/position-table.ts';

const seed = testSeed();

/** Near each other, anywhere, and such that many fall on the same place. */
const position = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.integer({ min: 1, max: 1_000 }).map((n) => n * 2 ** 32 + 7),
);

test(`a table of positions gives back what was put in, and nothing else (SEED=${seed})`, () => {
  fc.assert(
    fc.property(fc.uniqueArray(position, { maxLength: 200 }), fc.array(position), (positions, others) => {
      const table = new PositionTable(positions.length);
      positions.forEach((each, index) => table.set(each, index));
      positions.forEach((each, index) => expect(table.get(each)).toBe(index));
      for (const other of others) if (!positions.includes(other)) expect(table.get(other)).toBeUndefined();
    }),
    { seed, numRuns: 100 },
  );
});
