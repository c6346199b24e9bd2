import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assign } from '../src/groups/assign.ts';
import type { Subscriber } from '../src/groups/subscriber.ts';
import { partitionKey, type TopicPartition } from '../src/groups/topic-partition.ts';

const TOPICS = ['a', 'b', 'c'];
const IDS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'];

const counts = fc.record({ a: fc.nat(12), b: fc.nat(7), c: fc.nat(3) });
const members = fc
  .uniqueArray(fc.constantFrom(...IDS), { maxLength: 6 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((memberId) =>
        fc.record({ memberId: fc.constant(memberId), topics: fc.subarray(TOPICS, { minLength: 1 }) }),
      ),
    ),
  );
const alike = members.map((some): Subscriber[] => some.map((member) => ({ ...member, topics: TOPICS })));
const anyCurrent = fc.dictionary(
  fc
    .tuple(fc.constantFrom(...TOPICS, 'gone'), fc.nat(13))
    .map(([topic, partition]) => partitionKey({ topic, partition })),
  fc.constantFrom(...IDS, 'dead'),
);

function partitionsOf(count: Readonly<Record<string, number>>): TopicPartition[] {
  return TOPICS.flatMap((topic) => Array.from({ length: count[topic] ?? 0 }, (_, partition) => ({ topic, partition })));
}

function loadsOf(some: readonly Subscriber[], assignment: ReadonlyMap<string, string>): number[] {
  const held = [...assignment.values()];
  return some.map((member) => held.filter((holder) => holder === member.memberId).length);
}

describe('assign', () => {
  test('gives every partition that somebody subscribes to exactly one subscriber, and no other partition', () => {
    fc.assert(
      fc.property(members, counts, anyCurrent, (some, count, current) => {
        const assignment = assign(some, partitionsOf(count), new Map(Object.entries(current)));
        const wanted = partitionsOf(count).filter((partition) =>
          some.some((member) => member.topics.includes(partition.topic)),
        );
        expect([...assignment.keys()].sort()).toEqual(wanted.map(partitionKey).sort());
        for (const partition of wanted) {
          const holder = some.find((member) => member.memberId === assignment.get(partitionKey(partition)));
          expect(holder?.topics).toContain(partition.topic);
        }
      }),
    );
  });

  test('leaves no member with two partitions more than one that could take one of them', () => {
    fc.assert(
      fc.property(members, counts, anyCurrent, (some, count, current) => {
        const assignment = assign(some, partitionsOf(count), new Map(Object.entries(current)));
        const loads = new Map(some.map((member, index) => [member.memberId, loadsOf(some, assignment)[index]!]));
        for (const partition of partitionsOf(count)) {
          const holder = assignment.get(partitionKey(partition));
          if (holder === undefined) continue;
          for (const other of some.filter((member) => member.topics.includes(partition.topic))) {
            expect(loads.get(holder)! - loads.get(other.memberId)!).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  test('moves as few partitions as any balanced assignment could, among members with equal subscriptions', () => {
    fc.assert(
      fc.property(alike, counts, anyCurrent, (some, count, current) => {
        fc.pre(some.length > 0);
        const partitions = partitionsOf(count);
        const before = new Map(Object.entries(current));
        const after = assign(some, partitions, before);
        const kept = partitions.filter(
          (partition) => after.get(partitionKey(partition)) === before.get(partitionKey(partition)),
        ).length;
        // The most that can stay: shares of floor or floor + 1, the larger ones going to those who have the most.
        const had = some
          .map(
            (member) =>
              partitions.filter((partition) => before.get(partitionKey(partition)) === member.memberId).length,
          )
          .sort((a, b) => b - a);
        const floor = Math.floor(partitions.length / some.length);
        const larger = partitions.length % some.length;
        const most = had.reduce((sum, load, index) => sum + Math.min(load, index < larger ? floor + 1 : floor), 0);
        expect(kept).toBe(most);
      }),
    );
  });

  test('assigned again, moves nothing', () => {
    fc.assert(
      fc.property(members, counts, anyCurrent, (some, count, current) => {
        const once = assign(some, partitionsOf(count), new Map(Object.entries(current)));
        expect(assign(some, partitionsOf(count), once)).toEqual(once);
      }),
    );
  });

  test('does not depend on the order of members, partitions, topics or the current assignment', () => {
    fc.assert(
      fc.property(members, counts, anyCurrent, (some, count, current) => {
        const forward = assign(some, partitionsOf(count), new Map(Object.entries(current)));
        const turned = some.map((member) => ({ ...member, topics: [...member.topics].reverse() })).reverse();
        const backward = assign(turned, partitionsOf(count).reverse(), new Map(Object.entries(current).reverse()));
        expect(backward).toEqual(forward);
      }),
    );
  });
});
