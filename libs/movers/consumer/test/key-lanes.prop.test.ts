import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyLanes } from '../src/lanes/key-lanes.ts';
import type { LaneItem, LaneWork } from '../src/lanes/lane-work.ts';

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), partition: fc.nat(2), key: fc.nat(4) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('next' as const), max: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), pick: fc.nat(100) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('requeue' as const),
        pick: fc.nat(100),
        left: fc.nat(2),
        defer: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), partition: fc.nat(2) }) },
  ),
  { maxLength: 150 },
);

function item(partition: number, key: number, offset: bigint): LaneItem {
  return { partition: `t/${partition}`, lane: key === 0 ? null : `key ${key}`, offset, bytes: 10 };
}

function fill(lanes: KeyLanes<LaneItem>, items: readonly [partition: number, key: number, offset: bigint][]): void {
  for (const one of items) lanes.add(item(...one));
}

const ONE = { maxRecords: 1, maxBytes: 1_000 };

describe('key lanes', () => {
  test('one piece of work per key, its records in order and each once, sizes exact', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const lanes = new KeyLanes<LaneItem>();
        const expected = new Map<string, bigint[]>();
        const underWay: { work: LaneWork<LaneItem>; dropped: boolean }[] = [];
        let offset = 0n;
        const laneOf = (one: LaneItem): string => `${one.partition} ${one.lane ?? one.offset}`;
        for (const step of some) {
          if (step.kind === 'add') {
            const added = item(step.partition, step.key, (offset += 1n));
            lanes.add(added);
            expected.set(laneOf(added), [...(expected.get(laneOf(added)) ?? []), added.offset]);
          } else if (step.kind === 'next') {
            const work = lanes.next({ maxRecords: step.max, maxBytes: 1_000 });
            const busy = new Set(underWay.map((one) => laneOf(one.work.items[0]!)));
            if (work === undefined) {
              for (const [lane, offsets] of expected) expect(offsets.length === 0 || busy.has(lane)).toBe(true);
              continue;
            }
            const lane = laneOf(work.items[0]!);
            expect(busy.has(lane)).toBe(false);
            expect(work.items.map((one) => one.offset)).toEqual(expected.get(lane)!.splice(0, work.items.length));
            underWay.push({ work, dropped: false });
          } else if (step.kind === 'drop') {
            lanes.drop(`t/${step.partition}`);
            for (const [lane] of expected) if (lane.startsWith(`t/${step.partition} `)) expected.delete(lane);
            for (const one of underWay) if (one.work.partition === `t/${step.partition}`) one.dropped = true;
          } else if (underWay.length > 0) {
            const [{ work, dropped }] = underWay.splice(step.pick % underWay.length, 1) as [(typeof underWay)[0]];
            if (step.kind === 'release') {
              lanes.release(work);
              continue;
            }
            const left = work.items.slice(Math.min(step.left, work.items.length - 1));
            lanes.requeue(work, left, { defer: step.defer });
            const lane = laneOf(work.items[0]!);
            if (!dropped) expected.set(lane, [...left.map((one) => one.offset), ...(expected.get(lane) ?? [])]);
          }
          const waiting = [...expected.values()].reduce((sum, offsets) => sum + offsets.length, 0);
          const working = underWay.reduce((sum, one) => sum + one.work.items.length, 0);
          expect(lanes.size).toBe(waiting + working);
          expect(lanes.bytes).toBe(10 * lanes.size);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('alone it goes strictly by offset; partitions take turns', () => {
    const lanes = new KeyLanes<LaneItem>();
    fill(lanes, [
      [0, 1, 1n],
      [0, 2, 2n],
      [0, 1, 3n],
      [1, 1, 1n],
    ]);
    const order: string[] = [];
    for (let work = lanes.next(ONE); work !== undefined; work = lanes.next(ONE)) {
      order.push(`${work.partition}@${work.items[0]!.offset}`);
      lanes.release(work);
    }
    expect(order).toEqual(['t/0@1', 't/1@1', 't/0@2', 't/0@3']);
  });

  test('a key with many records holds up no other', () => {
    const lanes = new KeyLanes<LaneItem>();
    fill(lanes, [
      [0, 1, 1n],
      [0, 1, 2n],
      [0, 1, 3n],
      [0, 2, 4n],
      [0, 0, 5n],
      [0, 0, 6n],
    ]);
    const begun = Array.from({ length: 5 }, () => lanes.next(ONE)?.items[0]?.offset);
    expect(begun).toEqual([1n, 4n, 5n, 6n, undefined]);
  });

  test('what was put back to let others go first comes after them', () => {
    const lanes = new KeyLanes<LaneItem>();
    fill(lanes, [
      [0, 1, 1n],
      [0, 2, 2n],
    ]);
    const first = lanes.next(ONE)!;
    lanes.requeue(first, first.items, { defer: true });
    const second = lanes.next(ONE)!;
    expect(second.items[0]!.offset).toBe(2n);
    lanes.requeue(second, second.items, { defer: false });
    expect(lanes.next(ONE)!.items[0]!.offset).toBe(2n);
    expect(lanes.next(ONE)!.items[0]!.offset).toBe(1n);
  });

  test('bytes bound a batch, but not its first record', () => {
    const lanes = new KeyLanes<LaneItem>();
    fill(lanes, [
      [0, 1, 1n],
      [0, 1, 2n],
      [0, 1, 3n],
    ]);
    const work = lanes.next({ maxRecords: 10, maxBytes: 20 })!;
    expect(work.items).toHaveLength(2);
    lanes.release(work);
    expect(lanes.next({ maxRecords: 10, maxBytes: 1 })!.items).toHaveLength(1);
  });
});
