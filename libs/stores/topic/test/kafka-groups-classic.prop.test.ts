import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partitionKey, type TopicPartition } from '../src/groups/topic-partition.ts';
import { leadAssignment, type LedMember } from '../src/kafka-groups/classic/lead-assignment.ts';
import { readAssignment, writeAssignment } from '../src/kafka-groups/classic/member-assignment.ts';
import { readMetadata, writeMetadata } from '../src/kafka-groups/classic/member-metadata.ts';

const TOPICS = ['a', 'b'];
const PARTITIONS: readonly TopicPartition[] = TOPICS.flatMap((topic) =>
  [0, 1, 2, 3].map((partition) => ({ topic, partition })),
);
const partitions = fc.subarray([...PARTITIONS]);
const metadata = fc.record({
  topics: fc.subarray([...TOPICS]),
  owned: partitions,
  generation: fc.integer({ min: -1, max: 9 }),
});

const keys = (of: readonly TopicPartition[]): Set<string> => new Set(of.map(partitionKey));

describe('what members tell each other', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(metadata, ({ topics, owned, generation }) => {
        const read = readMetadata(writeMetadata({ topics, owned, generation }));
        expect([read.topics, keys(read.owned), read.generation]).toEqual([topics, keys(owned), generation]);
        expect(keys(readAssignment(writeAssignment(owned)))).toEqual(keys(owned));
      }),
    );
    expect(readAssignment(Buffer.alloc(0))).toEqual([]);
  });

  test('is refused when it is cut or made up, whatever the bytes', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), metadata.map(writeMetadata));
    fc.assert(
      fc.property(bytes, fc.nat(60), (whole, length) => {
        const cut = Buffer.from(whole).subarray(0, length);
        for (const read of [readMetadata, readAssignment]) {
          try {
            read(cut);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
  });
});

/** Members that own disjoint partitions of their topics, as they do unless somebody was out for a while. */
const group = fc
  .tuple(
    fc.array(fc.subarray([...TOPICS], { minLength: 1 }), { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: -1, max: 4 }), { minLength: PARTITIONS.length, maxLength: PARTITIONS.length }),
  )
  .map(([subscriptions, owners]) =>
    subscriptions.map((topics, index): LedMember => {
      const owned = PARTITIONS.filter((partition, at) => owners[at] === index && topics.includes(partition.topic));
      return { memberId: `m${index}`, topics, owned, generation: 5 };
    }),
  );

function afterRevoking(
  members: readonly LedMember[],
  given: ReadonlyMap<string, readonly TopicPartition[]>,
): LedMember[] {
  return members.map((member) => ({ ...member, owned: given.get(member.memberId)! }));
}

describe('a leader', () => {
  test('gives a partition to one member only, and to nobody while another one owns it', () => {
    fc.assert(
      fc.property(group, (members) => {
        const given = leadAssignment(members, PARTITIONS);
        const seen = new Map<string, string>();
        for (const [memberId, its] of given) {
          for (const key of its.map(partitionKey)) {
            expect(seen.has(key)).toBe(false);
            seen.set(key, memberId);
            const owner = members.find((member) => keys(member.owned).has(key));
            expect(owner === undefined || owner.memberId === memberId).toBe(true);
          }
        }
      }),
    );
  });

  test('has given out everything once what it took has been given up, and then moves nothing', () => {
    fc.assert(
      fc.property(group, (members) => {
        const first = leadAssignment(members, PARTITIONS);
        const second = leadAssignment(afterRevoking(members, first), PARTITIONS);
        const wanted = PARTITIONS.filter(({ topic }) => members.some((member) => member.topics.includes(topic)));
        expect(keys([...second.values()].flat())).toEqual(keys(wanted));
        expect(leadAssignment(afterRevoking(members, second), PARTITIONS)).toEqual(second);
      }),
    );
  });

  test('believes of two that name a partition the one of the later generation, of equals neither', () => {
    const partition = { topic: 'a', partition: 0 };
    const member = (memberId: string, generation: number): LedMember => ({
      memberId,
      topics: ['a'],
      owned: [partition],
      generation,
    });
    expect(leadAssignment([member('m0', 3), member('m1', 4)], [partition])).toEqual(
      new Map([
        ['m0', []],
        ['m1', [partition]],
      ]),
    );
    const equals = leadAssignment([member('m0', 4), member('m1', 4)], [partition]);
    expect([...equals.values()].flat()).toEqual([]);
  });
});
