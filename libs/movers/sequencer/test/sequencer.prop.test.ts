import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import type { PendingMessage } from '#libs/stores/outbox';
import { partitionForKey } from '../src/murmur2.ts';
import { advance, planStep, type SequencerState, type StepPlan } from '../src/sequencer.ts';

const TOPICS = new Map([
  [1, 1],
  [2, 3],
  [3, 12],
]);
const limits = { batchBytesMax: 1_000, batchRecordsMax: 7, recordBytesMax: 800 };
const seed = testSeed();

const messages = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 5 }),
      topicId: fc.constantFrom(1, 2, 3, 3, 9),
      partition: fc.option(fc.integer({ min: 0, max: 13 }), { freq: 5 }),
      key: fc.option(fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes))),
      bytes: fc.integer({ min: 0, max: 1_200 }),
      createdUs: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { maxLength: 120 },
  )
  .map((list) => {
    let position = 0n;
    return list.map(({ gap, ...rest }): PendingMessage => ({ ...rest, position: (position += BigInt(gap)) }));
  });

/** Runs the messages through steps cut at the given sizes, and returns every record in the order of its partition. */
function run(all: readonly PendingMessage[], cuts: readonly number[]): { plans: StepPlan[]; state: SequencerState } {
  const state: SequencerState = { heads: new Map(), topics: TOPICS, spread: new Map() };
  const plans: StepPlan[] = [];
  let at = 0;
  for (const cut of [...cuts, all.length]) {
    const plan = planStep(state, all.slice(at, at + cut), limits);
    advance(state, plan);
    plans.push(plan);
    at += cut;
  }
  return { plans, state };
}

function records(plans: readonly StepPlan[]): Map<string, { offset: bigint; position: bigint }[]> {
  const result = new Map<string, { offset: bigint; position: bigint }[]>();
  for (const batch of plans.flatMap((plan) => plan.batches)) {
    const key = `${batch.topicId}/${batch.partition}`;
    const list = result.get(key) ?? [];
    batch.positions.forEach((position, index) => list.push({ offset: batch.baseOffset + BigInt(index), position }));
    result.set(key, list);
  }
  return result;
}

const scenario = fc.tuple(messages, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }));

function check(property: (all: PendingMessage[], cuts: number[]) => void): void {
  fc.assert(
    fc.property(scenario, ([all, cuts]) => property(all, cuts)),
    { seed, numRuns: 500 },
  );
}

describe(`planStep (SEED=${seed})`, () => {
  test('places every message of a known topic exactly once, and keeps the rest as placeholders', () => {
    check((all, cuts) => {
      const { plans } = run(all, cuts);
      const placed = [...records(plans).values()]
        .flat()
        .map((record) => record.position)
        .sort((a, b) => (a < b ? -1 : 1));
      expect(placed).toEqual(all.filter((message) => TOPICS.has(message.topicId)).map((message) => message.position));
      const unknown = plans
        .flatMap((plan) => plan.placeholders)
        .filter((placeholder) => placeholder.reason === 'topic-unknown');
      expect(unknown.map((placeholder) => placeholder.position)).toEqual(
        all.filter((message) => message.topicId === 9).map((message) => message.position),
      );
    });
  });

  test('offsets of a partition are dense from 0 and follow the positions', () => {
    check((all, cuts) => {
      for (const list of records(run(all, cuts).plans).values()) {
        expect(list.map((record) => record.offset)).toEqual(list.map((_, index) => BigInt(index)));
        for (let i = 1; i < list.length; i += 1) expect(list[i]!.position > list[i - 1]!.position).toBe(true);
      }
    });
  });

  test('a key goes to the partition that Java would choose, an explicit partition is kept when it exists', () => {
    check((all, cuts) => {
      const byPosition = new Map(all.map((message) => [message.position, message]));
      for (const [where, list] of records(run(all, cuts).plans)) {
        const [topicId, partition] = where.split('/').map(Number) as [number, number];
        const count = TOPICS.get(topicId)!;
        for (const { position } of list) {
          const message = byPosition.get(position)!;
          if (message.partition !== null && message.partition < count) expect(partition).toBe(message.partition);
          else if (message.key !== null) expect(partition).toBe(partitionForKey(message.key, count));
          else expect(partition).toBeLessThan(count);
        }
      }
    });
  });

  test('batches stay within their limits, except for a record that is larger by itself', () => {
    check((all, cuts) => {
      for (const batch of run(all, cuts).plans.flatMap((plan) => plan.batches)) {
        expect(batch.positions.length).toBeLessThanOrEqual(limits.batchRecordsMax);
        if (batch.positions.length > 1) expect(batch.bytes).toBeLessThanOrEqual(limits.batchBytesMax);
      }
    });
  });

  test('where steps are cut changes no record', () => {
    check((all, cuts) => {
      expect(records(run(all, cuts).plans)).toEqual(records(run(all, []).plans));
    });
  });

  test('the highest time never falls along a partition', () => {
    check((all, cuts) => {
      const high = new Map<string, number>();
      for (const batch of run(all, cuts).plans.flatMap((plan) => plan.batches)) {
        const key = `${batch.topicId}/${batch.partition}`;
        expect(batch.highUs).toBeGreaterThanOrEqual(Math.max(high.get(key) ?? 0, batch.lastUs));
        high.set(key, batch.highUs);
      }
    });
  });

  test('messages without a key spread evenly over the partitions', () => {
    const all = Array.from({ length: 30 }, (_, index): PendingMessage => ({
      position: BigInt(index + 1),
      topicId: 2,
      partition: null,
      key: null,
      bytes: 1,
      createdUs: 1,
    }));
    expect([...records(run(all, [7, 4]).plans).values()].map((list) => list.length)).toEqual([10, 10, 10]);
  });

  test('poison stands at its offset and counts in its batch', () => {
    const poison: PendingMessage = { position: 1n, topicId: 1, partition: 5, key: null, bytes: 10, createdUs: 1 };
    const large: PendingMessage = { position: 2n, topicId: 1, partition: null, key: null, bytes: 801, createdUs: 1 };
    const { plans } = run([poison, large], []);
    expect(plans[0]!.placeholders).toEqual([
      expect.objectContaining({ partition: 0, offset: 0n, position: 1n, reason: 'partition-out-of-range' }),
      expect.objectContaining({ partition: 0, offset: 1n, position: 2n, reason: 'too-large' }),
    ]);
    expect(plans[0]!.batches[0]).toMatchObject({ placeholders: 2, positions: [1n, 2n] });
  });
});
