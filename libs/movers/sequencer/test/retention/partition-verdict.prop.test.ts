import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgePartition, type PartitionFacts } from '../../src/retention/partition-verdict.ts';

const range = { lower: 1_000n, upper: 2_000n };
const droppable: PartitionFacts = {
  cursor: 1_999n,
  straddled: false,
  topics: [{ topic: 'orders', retentionMs: 100n, youngestMs: 101 }],
  floors: [{ reader: 'cluster-a', position: 1_999n }],
};

const facts: fc.Arbitrary<PartitionFacts> = fc.record({
  cursor: fc.bigInt({ min: 1_990n, max: 2_010n }),
  straddled: fc.boolean(),
  topics: fc.array(
    fc.record({
      topic: fc.string(),
      retentionMs: fc.option(fc.bigInt({ min: 1n, max: 20n })),
      youngestMs: fc.integer({ min: -5, max: 25 }),
    }),
    { maxLength: 3 },
  ),
  floors: fc.array(fc.record({ reader: fc.string(), position: fc.bigInt({ min: 1_990n, max: 2_010n }) }), {
    maxLength: 3,
  }),
});

describe('judgePartition', () => {
  test('drops exactly when everything is sequenced, expired and passed by all', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const may =
          given.cursor >= 1_999n &&
          !given.straddled &&
          given.topics.every((topic) => topic.retentionMs !== null && topic.youngestMs > Number(topic.retentionMs)) &&
          given.floors.every((floor) => floor.position >= 1_999n);
        expect(judgePartition(range, given).drop).toBe(may);
      }),
    );
  });

  test.each([
    ['not-sequenced', null, { cursor: 1_998n }],
    ['straddled', null, { straddled: true }],
    [
      'kept-for-ever',
      'audit',
      { topics: [...droppable.topics, { topic: 'audit', retentionMs: null, youngestMs: 1e12 }] },
    ],
    ['within-retention', 'orders', { topics: [{ topic: 'orders', retentionMs: 100n, youngestMs: 100 }] }],
    ['reader-behind', 'cluster-b', { floors: [...droppable.floors, { reader: 'cluster-b', position: 1_998n }] }],
  ] as const)('says %s, and for whom', (reason, heldBy, change) => {
    expect(judgePartition(range, { ...droppable, ...change })).toEqual({ drop: false, reason, heldBy });
  });

  test('drops a partition without messages and without readers as soon as it is sequenced', () => {
    expect(judgePartition(range, { ...droppable, topics: [], floors: [] })).toEqual({ drop: true });
  });
});
