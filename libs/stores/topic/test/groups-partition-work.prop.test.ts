import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PartitionWork } from '../src/groups/partition-work.ts';
import type { RecordRead } from '../src/groups/ports.ts';
import type { TopicRecord } from '../src/record.ts';

const END = 40;

type Step =
  | { readonly do: 'read' | 'answer' | 'take'; readonly n: number }
  | { readonly do: 'seek' | 'commit'; readonly n: number }
  | { readonly do: 'commitTaken' | 'pause' | 'dropIfPaused' | 'resume' | 'revoke' | 'keep'; readonly n: number };

const offsets = fc.uniqueArray(fc.nat(END - 1), { maxLength: END }).map((some) => some.sort((a, b) => a - b));
const steps = fc.array(
  fc.record({
    do: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom<Step['do']>('read', 'answer', 'take') },
      {
        weight: 5,
        arbitrary: fc.constantFrom<Step['do']>(
          'commitTaken',
          'commit',
          'commit',
          'seek',
          'pause',
          'dropIfPaused',
          'resume',
          'revoke',
          'keep',
        ),
      },
    ),
    n: fc.nat(END),
  }),
  { minLength: 20, maxLength: 60, size: 'max' },
);

/** A partition whose log has records at some offsets only, and what the application has seen of it. */
class Model {
  readonly work = new PartitionWork({ topic: 't', partition: 0, assignmentEpoch: 1n, nextOffset: 0n });
  #reading: { from: bigint; read: RecordRead } | undefined;
  /** The next record that may be handed out is the first at or behind this. */
  #next = 0;
  #taken: bigint | undefined;

  constructor(readonly log: readonly number[]) {}

  run(step: Step): void {
    const { work } = this;
    if (step.do === 'read') this.read(step.n);
    if (step.do === 'answer') this.answer();
    if (step.do === 'take') this.take(step.n);
    if (step.do === 'seek') {
      work.seek(BigInt(step.n));
      this.#next = step.n;
    }
    // Mostly near by, where records may be in memory.
    if (step.do === 'commit') this.commit(BigInt(step.n < 30 ? this.#next + (step.n % 6) : step.n));
    if (step.do === 'commitTaken' && this.#taken !== undefined) {
      this.commit(this.#taken);
      expect(work.isDone).toBe(true);
    }
    if (step.do === 'pause') work.pause();
    if (step.do === 'dropIfPaused') work.dropIfPaused();
    if (step.do === 'resume') work.resume();
    if (step.do === 'revoke') work.startRevoking(0);
    if (step.do === 'keep') work.stopRevoking();
    if (step.do !== 'take') this.#taken = undefined;
    if (work.isRevoking) expect(work.bufferedBytes).toBe(0);
    // Whoever goes on at what may be committed misses no record.
    expect(this.log.filter((offset) => offset >= this.#next && offset < work.committableOffset)).toEqual([]);
  }

  /** As a source does: some records and the offset behind them, or a hole alone. */
  read(most: number): void {
    if (this.work.isHeld || this.work.bufferedBytes > 0) return;
    const from = Number(this.work.fetchOffset);
    const found = this.log.filter((offset) => offset >= from);
    const some = found.slice(0, most % 9);
    const next = found[some.length] ?? Math.max(from, END);
    const nextOffset = BigInt(most % 2 === 0 ? next : (some.at(-1) ?? from - 1) + 1);
    this.#reading = { from: BigInt(from), read: { records: some.map(recordAt), nextOffset } };
  }

  answer(): void {
    if (this.#reading !== undefined) this.work.accept(this.#reading.from, this.#reading.read);
    this.#reading = undefined;
  }

  take(most: number): void {
    const { records, nextOffset } = this.work.take({ maxRecords: most % 4, maxBytes: 1_000_000 }, true);
    const taken = records.map((record) => Number(record.offset));
    if (this.work.isHeld) expect(taken).toEqual([]);
    expect(taken).toEqual(this.log.filter((offset) => offset >= this.#next).slice(0, taken.length));
    this.#taken = taken.length === 0 ? undefined : nextOffset;
    if (taken.length > 0) this.#next = taken.at(-1)! + 1;
  }

  commit(offset: bigint): void {
    this.work.committed(offset);
    this.#next = Math.max(this.#next, Number(offset));
  }

  get isBehind(): boolean {
    return this.log.some((offset) => offset >= this.#next);
  }

  /** Everything that is left, to the end. */
  drain(): void {
    this.#reading = undefined;
    this.run({ do: 'resume', n: 0 });
    this.run({ do: 'keep', n: 0 });
    for (let round = 0; round < END && this.isBehind; round += 1) for (const step of DRAIN) this.run(step);
    expect(this.isBehind).toBe(false);
  }
}

const DRAIN: readonly Step[] = [
  { do: 'take', n: 3 },
  { do: 'read', n: 2 },
  { do: 'answer', n: 0 },
];

function recordAt(offset: number): TopicRecord {
  return { offset: BigInt(offset), key: null, value: null, headers: [] } as unknown as TopicRecord;
}

describe('the work on a partition whose offsets have holes', () => {
  test('hands out every record in order, whatever is paused, asked back, committed or sought meanwhile', () => {
    fc.assert(
      fc.property(offsets, steps, (log, some) => {
        const model = new Model(log);
        for (const step of some) model.run(step);
        model.drain();
      }),
      { numRuns: 200, interruptAfterTimeLimit: 10_000 },
    );
  });
});
