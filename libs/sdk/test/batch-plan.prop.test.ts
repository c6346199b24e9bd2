import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BatchStep, planBatch } from '../src/batch-plan.ts';
import { type MessageRow, messageRow, rowBytes } from '../src/message-row.ts';

const row = fc
  .record({
    topic: fc.constantFrom('a', 'b', 'c'),
    key: fc.option(fc.integer({ min: 0, max: 12 }).map(String)),
    size: fc.nat(60),
  })
  .map(({ topic, key, size }) => messageRow(topic, { key, payload: Buffer.alloc(size) }));
const limits = fc.record({
  rowsMax: fc.integer({ min: 1, max: 8 }),
  bytesMax: fc.integer({ min: 1, max: 600 }),
  keyLocksMax: fc.integer({ min: 0, max: 20 }),
});

const sends = (steps: readonly BatchStep[]) => steps.filter((step) => step.kind === 'send');
const order = (a: MessageRow, b: MessageRow): number =>
  a.topic === b.topic ? Buffer.compare(a.key ?? Buffer.alloc(0), b.key ?? Buffer.alloc(0)) : a.topic < b.topic ? -1 : 1;

describe('planBatch', () => {
  test('sends every row once, sorted by topic and key, rows of one key in the order given', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), limits, (rows, limits) => {
        const sent = sends(planBatch(rows, limits)).flatMap((step) => step.rows);
        expect(sent.map(({ place }) => place).sort((a, b) => a - b)).toEqual(rows.map((_, place) => place));
        for (const { row, place } of sent) expect(rows[place]).toBe(row);
        sent.slice(1).forEach((item, index) => {
          const before = sent[index] as (typeof sent)[number];
          const compared = order(before.row, item.row);
          expect(compared).toBeLessThanOrEqual(0);
          if (compared === 0) expect(before.place).toBeLessThan(item.place);
        });
      }),
    );
  });

  test('keeps each statement within rows and bytes, except a single row that is larger alone', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), limits, (rows, limits) => {
        for (const { rows: chunk } of sends(planBatch(rows, limits))) {
          expect(chunk.length).toBeLessThanOrEqual(limits.rowsMax);
          const bytes = chunk.reduce((sum, item) => sum + rowBytes(item.row), 0);
          if (chunk.length > 1) expect(bytes).toBeLessThanOrEqual(limits.bytesMax);
        }
      }),
    );
  });

  test('never locks more keys than allowed, and locks a topic right before its first row', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), limits, (rows, limits) => {
        const locked = new Set<string>();
        const started = new Set<string>();
        const keys = new Set<string>();
        for (const step of planBatch(rows, limits)) {
          if (step.kind === 'lock-topic') {
            expect(started).not.toContain(step.topic);
            for (const topic of started) expect(topic < step.topic).toBe(true);
            locked.add(step.topic);
          } else {
            for (const { row } of step.rows) {
              started.add(row.topic);
              if (row.key !== null && !locked.has(row.topic)) keys.add(`${row.topic} ${row.key.toString('hex')}`);
            }
          }
        }
        expect(keys.size).toBeLessThanOrEqual(limits.keyLocksMax);
      }),
    );
  });

  test('a topic of 256 keys is locked by key, one of 257 as a whole', () => {
    const batch = (keys: number) =>
      Array.from({ length: keys }, (_, n) => messageRow('t', { key: `k${n}`, payload: n }));
    const limits = { rowsMax: 1000, bytesMax: 1e6, keyLocksMax: 256 };
    expect(planBatch(batch(256), limits).map((step) => step.kind)).toEqual(['send']);
    expect(planBatch(batch(257), limits).map((step) => step.kind)).toEqual(['lock-topic', 'send']);
  });
});
