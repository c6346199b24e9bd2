import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { AffineMap, type Segment } from '../src/index.ts';

const seed = testSeed();
const NEAR_THE_WRAP = 2n ** 31n - 20n;

/** A cluster's log, record by record: the log offset and the sequence of ours, null for a foreign one. */
type Entry = { readonly offset: bigint; readonly sequence: number } | null;

interface Model {
  readonly entries: Entry[];
  map: AffineMap;
  next: bigint;
}

const step = fc.oneof(
  fc.record({ do: fc.constant('ours' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('foreign' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('truncate' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constant('prune' as const), count: fc.integer({ min: 1, max: 5 }) }),
);

function apply(model: Model, { do: what, count }: { do: string; count: number }): void {
  const end = BigInt(model.entries.length);
  if (what === 'foreign') for (let i = 0; i < count; i += 1) model.entries.push(null);
  if (what === 'prune') {
    model.map = model.map.skipping(model.next, model.next + BigInt(count), end);
    model.next += BigInt(count);
  }
  if (what === 'truncate') {
    model.entries.length = Math.max(0, model.entries.length - count);
    const last = model.entries.findLast((entry) => entry !== null);
    // What the broker still knows: the sequence of the last of our records.
    model.next = last
      ? model.map.offsetOfSequence((last.sequence + 1) % 2 ** 31, model.next)!
      : model.map.first!.fromOffset;
    model.map = model.map.placing(model.next, BigInt(model.entries.length));
  }
  if (what === 'ours') {
    model.map = model.map.placing(model.next, end);
    for (let i = 0; i < count; i += 1) {
      model.entries.push({ offset: model.next, sequence: model.map.sequenceOf(model.next) });
      model.next += 1n;
    }
  }
}

function run(start: bigint, steps: readonly { do: string; count: number }[]): Model {
  const first: Segment = { fromOffset: start, delta: -start, sequenceDelta: 0n, reason: 'start' };
  const model: Model = { entries: [], map: new AffineMap([first]), next: start };
  for (const each of steps) apply(model, each);
  return model;
}

function check(property: (model: Model) => void): void {
  fc.assert(
    fc.property(fc.constantFrom(0n, 7n, NEAR_THE_WRAP), fc.array(step, { maxLength: 25 }), (start, steps) =>
      property(run(start, steps)),
    ),
    { seed, numRuns: 500 },
  );
}

describe(`AffineMap (SEED=${seed})`, () => {
  test('says where each record of ours lies', () => {
    check(({ entries, map }) => {
      entries.forEach((entry, index) => {
        if (entry) expect([entry.offset, map.toCluster(entry.offset)]).toEqual([entry.offset, BigInt(index)]);
      });
    });
  });

  test('says in which runs they lie, whatever part of the log is asked for', () => {
    check(({ entries, map, next }) => {
      const begin = map.first!.fromOffset;
      const middle = begin + (next - begin) / 2n;
      const places = [...map.runs(begin, middle), ...map.runs(middle, next)].flatMap(({ from, to, delta }) =>
        Array.from({ length: Number(to - from) }, (_, index) => [from + BigInt(index), from + BigInt(index) + delta]),
      );
      const ours = entries.flatMap((entry, index) => (entry === null ? [] : [[entry.offset, BigInt(index)]]));
      // History that was pruned before it was sent has no place that could be checked.
      const sent = new Set(ours.map(([offset]) => offset));
      expect(places.filter(([offset]) => sent.has(offset))).toEqual(ours);
    });
  });

  test('says from which record on a consumer goes on', () => {
    check(({ entries, map }) => {
      entries.forEach((_, index) => {
        const ours = entries.slice(index).find((entry) => entry !== null);
        const from = map.toLog(BigInt(index))!;
        if (ours) expect(entries.find((entry) => entry !== null && entry.offset >= from)).toBe(ours);
      });
    });
  });

  test('numbers records without a gap, and finds them by their sequence', () => {
    check(({ entries, map, next }) => {
      const ours = entries.filter((entry) => entry !== null);
      ours.forEach((entry, index) => {
        if (index > 0) expect(entry.sequence).toBe((ours[index - 1]!.sequence + 1) % 2 ** 31);
        expect(map.sequenceOf(entry.offset)).toBe(entry.sequence);
        expect(map.offsetOfSequence(entry.sequence, next)).toBe(entry.offset);
      });
    });
  });

  test('tells a store what to replace', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }), (before, after) => {
        const model = run(0n, before);
        const old = model.map;
        for (const each of after) apply(model, each);
        const changes = model.map.changesSince(old);
        const from = changes[0]?.fromOffset;
        const stored = [
          ...old.segments.filter((segment) => from === undefined || segment.fromOffset < from),
          ...changes,
        ];
        expect(stored).toEqual(model.map.segments);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('forgets what lay there before the topic was created again', () => {
    const map = run(0n, [{ do: 'ours', count: 5 }]).map.recreated(3n, 0n);
    expect(map.toCluster(2n)).toBeUndefined();
    expect(map.toCluster(4n)).toBe(1n);
    expect(map.toLog(0n)).toBe(3n);
    expect(map.segments).toHaveLength(2);
    expect(map.runs(0n, 6n)).toEqual([{ from: 3n, to: 6n, delta: -3n }]);
  });
});
