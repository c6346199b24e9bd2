import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeRecordBatch, RecordBatchWriter } from '#libs/foundation/kafka';
import { CopiedRows } from '#libs/foundation/postgres';
import { testSeed } from '#libs/foundation/testing';
import { kafkaRecordOf, kafkaRecordPlan } from '../src/index.ts';
import { CopiedRecords } from '../src/postgres/copied-records.ts';
import { runRowsOf } from '../src/postgres/run-rows.ts';
import { type CopiedMessage, copyOf } from './copy-of.ts';

const seed = testSeed();

const bytes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)) },
  { weight: 1, arbitrary: fc.constantFrom(63, 64, 8_191, 8_192).map((length) => Buffer.alloc(length, length)) },
);
const wireFormat = (schemaId: number): Buffer => Buffer.from([0, 0, 0, 0, schemaId, 7]);
const headers = fc.array(
  fc.tuple(fc.constantFrom('traceparent', 'tidemark-message-id', 'ü'), fc.constantFrom('a', null, { base64: '/w==' })),
  { maxLength: 3 },
);

const message: fc.Arbitrary<CopiedMessage> = fc.record({
  messageId: fc.uuid(),
  key: bytes,
  value: fc.oneof(bytes, fc.constantFrom(1, 2).map(wireFormat)),
  headers: fc.option(headers),
  schemaId: fc.option(fc.constantFrom(1, 2, 300)),
  timeMs: fc.oneof(
    fc.integer({ min: 1_700_000_000_000, max: 1_700_000_010_000 }).map((ms) => ms + 0.25),
    fc.constantFrom(0, 1_700_000_000_000 + 2 ** 31),
  ),
});

const plan = fc
  .record({
    clusterTopic: fc.constantFrom('orders', 'eu.orders'),
    schemaId: fc.constantFrom('always', 'never', 'unless-in-value'),
    debezium: fc.boolean(),
    cloudEvents: fc.option(fc.constant({ source: '/shop', type: 'order', subjectFromKey: true }), { nil: undefined }),
  })
  .map(({ clusterTopic, cloudEvents, ...options }) =>
    kafkaRecordPlan('orders', clusterTopic, cloudEvents === undefined ? options : { ...options, cloudEvents }),
  );

describe(`records as they were copied (SEED=${seed})`, () => {
  test('give the bytes that encoding the decoded ones gives, batch after batch', () => {
    const slices = fc.array(fc.array(message, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(slices, plan, fc.integer({ min: 200, max: 20_000 }), (slicesOfRun, recordPlan, maxBytes) => {
        const rows = copyOf(slicesOfRun.map((messages) => ({ wanted: 1, placeholders: 0, topic: 'orders', messages })));
        const [run, ...others] = runRowsOf(CopiedRows.of(rows), () => 3);
        expect(others).toEqual([]);
        const stored = new CopiedRecords(run!, 10n);
        let offset = 10n;
        while (stored.count > 0) {
          const writer = new RecordBatchWriter({ maxBytes, bytesExpected: 100 });
          const plain = [];
          while (stored.count > 0 && stored.writeFirst(writer, recordPlan)) {
            expect(stored.first()).toMatchObject({ topic: 'orders', partition: 3, offset });
            expect(stored.firstTimeMs).toBe(stored.first().time.getTime());
            expect(BigInt(stored.firstPosition)).toBe(stored.first().position);
            plain.push(kafkaRecordOf(stored.first(), recordPlan));
            if (offset % 3n === 0n) stored.detach();
            stored.advance();
            offset += 1n;
          }
          const batch = writer.finish({ compression: 'none' });
          expect(batch.equals(encodeRecordBatch(plain, { compression: 'none' }))).toBe(true);
          expect(batch.length <= maxBytes || plain.length === 1).toBe(true);
        }
        expect(stored.bytes).toBe(0);
        expect(offset).toBe(10n + BigInt(slicesOfRun.flat().length));
      }),
      { seed, numRuns: 200 },
    );
  });

  test('are what was written', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const [run] = runRowsOf(CopiedRows.of(copyOf([{ wanted: 1, placeholders: 2, topic: 't', messages }])), () => 0);
        expect(run).toMatchObject({ expected: messages.length, count: messages.length, hasPlaceholders: true });
        const stored = new CopiedRecords(run!, 0n);
        for (const [index, each] of messages.entries()) {
          const { position, messageId, key, value, schemaId, time } = stored.first();
          expect([position, messageId, schemaId]).toEqual([BigInt(index + 1), each.messageId, each.schemaId]);
          expect([key?.toString('hex'), value?.toString('hex')]).toEqual([
            each.key?.toString('hex'),
            each.value?.toString('hex'),
          ]);
          expect(time).toEqual(new Date(each.timeMs));
          stored.advance();
        }
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe('runs of a copy', () => {
  const messages = (count: number): CopiedMessage[] =>
    Array.from({ length: count }, (_, index) => ({
      messageId: '0191d3a0-0000-7000-8000-000000000000',
      key: null,
      value: Buffer.alloc(1_000, index),
      headers: null,
      schemaId: null,
      timeMs: 0,
    }));

  test('are told apart', () => {
    const rows = copyOf([
      { wanted: 3, placeholders: 0, topic: 'a', messages: messages(5) },
      { wanted: 3, placeholders: 1, topic: 'a', messages: messages(20) },
      { wanted: 1, placeholders: 0, topic: 'b', messages: messages(2) },
      { wanted: 2, placeholders: 0, topic: 'c', messages: [] },
    ]);
    const runs = runRowsOf(CopiedRows.of(rows), (wanted) => wanted + 10);
    expect(runs).toMatchObject([
      { wanted: 2, topic: 'a', partition: 12, expected: 25, count: 25, hasPlaceholders: true },
      { wanted: 0, topic: 'b', partition: 10, expected: 2, count: 2, hasPlaceholders: false },
      { wanted: 1, topic: 'c', partition: 11, count: 0 },
    ]);
  });

  test('are in the order of positions, however the rows came', () => {
    const slices = [1, 2].map((wanted) => ({ wanted, placeholders: 0, topic: 'a', messages: messages(9) }));
    const runs = runRowsOf(CopiedRows.of(copyOf(slices, (rows) => rows.reverse())), () => 0);
    for (const run of runs) {
      const stored = new CopiedRecords(run, 0n);
      for (let index = 0; index < 9; index += 1, stored.advance()) {
        expect(stored.firstPosition).toBe(2 * index + 1 + run.wanted);
        expect(stored.first().value).toEqual(Buffer.alloc(1_000, index));
      }
    }
  });

  test('do not keep in memory what was read with them, once they are detached', () => {
    const many = messages(200);
    const rows = copyOf([1, 2].map((wanted) => ({ wanted, placeholders: 0, topic: 'a', messages: many })));
    const [run] = runRowsOf(CopiedRows.of(rows), () => 0);
    const stored = new CopiedRecords(run!, 0n);
    for (let index = 0; index < 150; index += 1) stored.advance();
    expect(stored.first().value!.buffer).toBe(rows.buffer);
    const { bytes } = stored;
    stored.detach();
    expect(stored.first().value!.buffer.byteLength).toBe(bytes);
    for (let index = 150; index < 200; index += 1) {
      expect(stored.first().value).toEqual(Buffer.alloc(1_000, index));
      stored.advance();
    }
    expect(stored).toMatchObject({ count: 0, bytes: 0 });
  });
});
