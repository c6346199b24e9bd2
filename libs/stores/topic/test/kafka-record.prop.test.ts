import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clampTime,
  clusterRecordOf,
  type KafkaHeaderOptions,
  kafkaRecordOf,
  kafkaRecordPlan,
  messageIdOf,
  type RecordHeader,
  type TopicRecord,
  unclampTime,
} from '../src/index.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const someHeader: fc.Arbitrary<RecordHeader> = fc.tuple(
  fc.oneof(
    fc.string({ maxLength: 12, unit: 'grapheme' }),
    fc.constantFrom('id', 'ce_type', 'ce_id', 'tidemark-replay-id'),
  ),
  nullable(bytes(20)),
);
const MS_2000 = Date.UTC(2000, 0);
const MS_2100 = Date.UTC(2100, 0);

// A value that looks like the wire format says what its schema is, also to us: such a one without an id is not generated.
const schemaAndValue = fc
  .tuple(nullable(fc.nat()), nullable(bytes(40)), fc.boolean())
  .map(([schemaId, value, inValue]) => {
    if (schemaId === null || !inValue) return { schemaId, value };
    const id = Buffer.alloc(5);
    id.writeInt32BE(schemaId, 1);
    return { schemaId, value: Buffer.concat([id, value ?? Buffer.alloc(0)]) };
  })
  .filter(({ schemaId, value }) => schemaId !== null || value === null || value.length < 5 || value[0] !== 0);

const someRecord: fc.Arbitrary<TopicRecord> = fc
  .record({
    messageId: fc.uuid(),
    key: nullable(bytes(20)),
    headers: fc.array(someHeader, { maxLength: 6 }),
    time: fc.integer({ min: MS_2000, max: MS_2100 }).map((ms) => new Date(ms)),
    offset: fc.bigInt({ min: 0n, max: 1n << 40n }),
    schema: schemaAndValue,
  })
  .map(({ schema, ...rest }) => ({ topic: 'orders', partition: 3, position: rest.offset + 7n, ...rest, ...schema }));

const someOptions: fc.Arbitrary<KafkaHeaderOptions> = fc.record(
  {
    schemaId: fc.constantFrom('always' as const, 'unless-in-value' as const),
    debezium: fc.boolean(),
    cloudEvents: fc.record(
      {
        source: fc.constant('/s'),
        type: fc.constant('t.${topic}'),
        typeHeader: fc.constant('tidemark-replay-id'),
        subjectFromKey: fc.boolean(),
        contentType: fc.constant('application/json'),
      },
      { requiredKeys: ['source', 'type', 'subjectFromKey'] },
    ),
  },
  { requiredKeys: ['schemaId', 'debezium'] },
);

const someWindow = fc
  .tuple(fc.integer({ min: MS_2000, max: MS_2100 }), fc.integer({ min: MS_2000, max: MS_2100 }))
  .map(([a, b]) => ({ earliestMs: Math.min(a, b), latestMs: Math.max(a, b) }));

test('what was sent is found again, clamped or not', () => {
  fc.assert(
    fc.property(
      someRecord,
      someOptions,
      fc.constantFrom('orders', 'eu.orders'),
      fc.option(someWindow, { nil: undefined }),
      (record, options, clusterTopic, window) => {
        const plan = kafkaRecordPlan(record.topic, clusterTopic, options);
        const kafka = kafkaRecordOf(record, plan);
        const sent = window === undefined ? kafka : clampTime(kafka, window);
        expect(messageIdOf(sent)).toBe(record.messageId);
        expect(unclampTime(sent)).toEqual(kafka);
        const found = clusterRecordOf(
          { ...sent, offset: record.offset + 5n, producerId: 1n, sequence: 0 },
          { clusterTopic, partition: record.partition },
        );
        const { position: _inTheOutbox, ...kept } = record;
        expect(found).toEqual({ ...kept, offset: record.offset + 5n });
      },
    ),
    { numRuns: 500 },
  );
});

test('the same record gives the same bytes, and no name of ours twice', () => {
  fc.assert(
    fc.property(someRecord, someOptions, (record, options) => {
      const once = kafkaRecordOf(record, kafkaRecordPlan('orders', 'x', options));
      const again = kafkaRecordOf(structuredCloneOf(record), kafkaRecordPlan('orders', 'x', options));
      expect(again).toEqual(once);
      const added = once.headers.slice(record.headers.length).map(([name]) => name);
      expect(new Set(added).size).toBe(added.length);
      for (const name of added) expect(record.headers.some(([given]) => given === name)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

/** Equal, but no buffer shared. */
function structuredCloneOf(record: TopicRecord): TopicRecord {
  const copy = (buffer: Buffer | null): Buffer | null => (buffer === null ? null : Buffer.from(buffer));
  return {
    ...record,
    key: copy(record.key),
    value: copy(record.value),
    headers: record.headers.map(([name, value]) => [name, copy(value)]),
    time: new Date(record.time),
  };
}
