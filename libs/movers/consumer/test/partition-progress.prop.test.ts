import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PartitionProgress } from '../src/progress/partition-progress.ts';

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), hole: fc.nat(3) }),
    fc.record({ kind: fc.constant('begin' as const), pick: fc.nat(100), size: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('end' as const), pick: fc.nat(100), commits: fc.boolean() }),
    fc.record({ kind: fc.constant('flush' as const), commits: fc.boolean() }),
  ),
  { minLength: 10, maxLength: 120 },
);

type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

/** Transactions under way, records done, and what the group has: all that the rules speak of, kept the simple way. */
class Model {
  readonly progress = new PartitionProgress(10n);
  readonly free: bigint[] = [];
  readonly done = new Set<bigint>();
  readonly underWay: { offsets: bigint[]; planned: bigint | null }[] = [];
  readonly all: bigint[] = [];
  flushing: bigint | null = null;
  stored = 10n;
  end = 10n;

  run(step: Step): void {
    if (step.kind === 'add') {
      const offset = this.end + BigInt(step.hole);
      expect(this.progress.add(offset)).toBe(true);
      expect(this.progress.add(offset)).toBe(false);
      this.all.push(offset);
      this.free.push(offset);
      this.end = offset + 1n;
    } else if (step.kind === 'begin' && this.free.length > 0) {
      const offsets = this.free.splice(step.pick % this.free.length, step.size);
      this.underWay.push({ offsets, planned: this.progress.plan(offsets) });
    } else if (step.kind === 'end' && this.underWay.length > 0) {
      const [{ offsets, planned }] = this.underWay.splice(step.pick % this.underWay.length, 1) as [
        Model['underWay'][0],
      ];
      if (planned !== null) this.progress.settle(step.commits);
      if (!step.commits) {
        this.free.push(...offsets);
        this.free.sort((a, b) => Number(a - b));
        return;
      }
      for (const offset of offsets) this.done.add(offset);
      if (planned !== null) this.store(planned);
      this.progress.finish(offsets);
    } else if (step.kind === 'flush') {
      // Every other one ends what the one before has begun.
      if (this.flushing === null) {
        this.flushing = this.progress.planFlush();
        return;
      }
      this.progress.settle(step.commits);
      if (step.commits) this.store(this.flushing);
      this.flushing = null;
    }
  }

  /** The offset is stored together with, or after, everything that it passes. */
  store(offset: bigint): void {
    expect(offset).toBeGreaterThan(this.stored);
    expect(this.all.filter((one) => one < offset && !this.done.has(one))).toEqual([]);
    this.stored = offset;
  }

  get unfinished(): bigint[] {
    return this.all.filter((one) => !this.done.has(one));
  }
}

describe('partition progress', () => {
  test('no offset passes work that has not committed, whatever ends in which order', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const model = new Model();
        for (const step of some) {
          model.run(step);
          expect(model.progress.watermark).toBe(model.unfinished[0] ?? model.end);
          expect(model.progress.committed).toBe(model.stored);
          expect(model.progress.unfinished).toBe(model.unfinished.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('when all has ended, a flush commits the end', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const model = new Model();
        for (const step of some) model.run(step);
        while (model.underWay.length > 0) model.run({ kind: 'end', pick: 0, commits: true });
        while (model.free.length > 0) {
          model.run({ kind: 'begin', pick: model.free.length - 1, size: 1 });
          model.run({ kind: 'end', pick: 0, commits: true });
        }
        for (let flushes = 0; flushes < 4; flushes += 1) model.run({ kind: 'flush', commits: true });
        expect(model.stored).toBe(model.end);
        expect(model.progress.length).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('the first unfinished record commits over what is done behind it, and no other does', () => {
    const progress = new PartitionProgress(0n);
    for (const offset of [0n, 1n, 2n, 5n]) progress.add(offset);
    progress.finish([1n]);
    expect(progress.plan([2n])).toBeNull();
    progress.finish([2n]);
    expect(progress.plan([0n])).toBe(5n);
    expect(progress.planFlush()).toBeNull();
    progress.settle(false);
    expect(progress.plan([0n, 5n])).toBe(6n);
  });

  test('what may have been committed unheard is not gone back behind', () => {
    const progress = new PartitionProgress(0n);
    for (const offset of [0n, 1n, 2n]) progress.add(offset);
    progress.finish([0n, 2n]);
    expect(progress.plan([1n])).toBe(3n);
    progress.settle(false);
    expect(progress.planFlush()).toBeNull();
    progress.finish([1n]);
    expect(progress.planFlush()).toBe(3n);
  });
});
