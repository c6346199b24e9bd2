import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { DecodedRecords, type TopicRecord } from '#libs/stores/topic';
import { RecordQueue } from '../src/batch/record-queue.ts';

const seed = testSeed();

function record(offset: number, bytes: number): TopicRecord {
  return {
    topic: 't',
    partition: 0,
    offset: BigInt(offset),
    position: BigInt(offset + 1),
    messageId: String(offset),
    key: null,
    value: Buffer.alloc(bytes),
    headers: [],
    schemaId: null,
    time: new Date(0),
  };
}

describe(`RecordQueue (SEED=${seed})`, () => {
  test('gives back what was put in, in order, in cuts of what was taken; the bytes add up', () => {
    const runs = fc.array(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 500 }), (sizes, limit) => {
        const queue = new RecordQueue();
        let offset = 0;
        const all = sizes.map((run) => run.map((bytes) => record(offset++, bytes)));
        for (const run of all) queue.append(new DecodedRecords(run));
        expect(queue.isEmpty).toBe(offset === 0);
        const given: TopicRecord[] = [];
        while (!queue.isEmpty) {
          let room = limit;
          const [before, from] = [queue.bytes, given.length];
          const cut = queue.cut((records) => {
            const record = records.first();
            room -= record.value!.length;
            if (room < 0 && given.length > from) return false;
            given.push(record);
            return true;
          });
          expect(cut.count).toBe(given.length - from);
          expect(BigInt(cut.lastPosition)).toBe(given.at(-1)!.position);
          expect(before - queue.bytes).toBe(cut.bytes);
        }
        expect(given).toEqual(all.flat());
        expect(queue.bytes).toBe(0);
        expect(queue.cut(() => true)).toEqual({ count: 0, bytes: 0, lastPosition: -1 });
      }),
      { seed, numRuns: 200 },
    );
  });
});
