import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import type { TopicRecord } from '#libs/stores/topic';
import { RecordQueue } from '../src/batch/record-queue.ts';

const seed = testSeed();

function record(offset: number, bytes: number): TopicRecord {
  return {
    topic: 't',
    partition: 0,
    offset: BigInt(offset),
    position: BigInt(offset),
    messageId: String(offset),
    key: null,
    value: Buffer.alloc(bytes),
    headers: [],
    schemaId: null,
    time: new Date(0),
  };
}

describe(`RecordQueue (SEED=${seed})`, () => {
  test('gives back what was put in, in order, in cuts that fit or hold one record; the bytes add up', () => {
    const runs = fc.array(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 500 }), (sizes, limit) => {
        const queue = new RecordQueue();
        let offset = 0;
        const all = sizes.map((run) => run.map((bytes) => record(offset++, bytes)));
        for (const run of all) queue.append(run);
        const given: TopicRecord[] = [];
        while (queue.first !== undefined) {
          let room = limit;
          const before = queue.bytes;
          const cut = queue.cut(({ value }) => (room -= value!.length) >= 0);
          const bytes = cut.records.reduce((sum, { value }) => sum + value!.length, 0);
          expect(cut.records.length === 1 || bytes <= limit).toBe(true);
          expect(before - queue.bytes).toBe(cut.bytes);
          given.push(...cut.records);
        }
        expect(given).toEqual(all.flat());
        expect(queue.bytes).toBe(0);
      }),
      { seed, numRuns: 200 },
    );
  });
});
