import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Compression } from '#libs/foundation/kafka';
import { createTopic, kafkaTool, type ReadRecord, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaRecordOf, kafkaRecordPlan, PostgresTopicReader } from '#libs/stores/topic';
import { KAFKA_READERS } from './harness/kafka-readers.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const CODECS: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const KEYS = [
  ...Array.from({ length: 120 }, (_, n) => `customer-${n * 37}`),
  'a',
  'ä',
  'Zoë',
  '日本',
  'key with spaces',
];

whereKafkaRuns(describe)('records that other programs read', () => {
  let stage: PublishingStage;
  let expected: readonly ReadRecord[];

  beforeAll(async () => {
    stage = await PublishingStage.open({
      clusters: async ({ bootstrap }) =>
        Object.fromEntries(
          CODECS.map((compression) => [
            compression,
            { bootstrapServers: bootstrap, compression, naming: { prefix: `${compression}.` } },
          ]),
        ),
    });
    await stage.createTopic('read', 2);
    await stage.createTopic('keyed', 6);
    await emitVaried();
    await stage.database.db.query(
      `select outbox.emit('keyed', key, jsonb_build_object('key', key)) from unnest($1::text[]) key`,
      [KEYS],
    );
    for (const codec of CODECS) {
      await stage.published('read', codec);
      await stage.published('keyed', codec);
    }
    expected = await recordsOfLog();
  });
  afterAll(() => stage?.close());

  /** Text, bytes, tombstones, records without a key, headers that repeat. */
  async function emitVaried(): Promise<void> {
    await stage.database.db.query(
      `select outbox.emit_bytes('read', case when n % 5 > 0 then convert_to('key ' || n % 9, 'UTF8') end,
         case when n % 11 > 0 then convert_to(repeat('value ' || n || ' ', n), 'UTF8') end,
         jsonb_build_object('event-type', 'n' || n, 'traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'))
       from generate_series(1, 150) n`,
    );
  }

  async function recordsOfLog(): Promise<ReadRecord[]> {
    const reader = new PostgresTopicReader(stage.database.db);
    const found: ReadRecord[] = [];
    for (const { partition, startOffset } of await reader.ranges('read')) {
      const { records } = await reader.read('read', partition, startOffset, {
        maxRecords: 1_000,
        maxBytes: 10_000_000,
      });
      for (const record of records) {
        // All names on the cluster have a prefix, so that each record names its topic in a header.
        const plan = kafkaRecordPlan('read', 'some.read', { schemaId: 'unless-in-value', debezium: false });
        const { key, value, headers, timestampMs } = kafkaRecordOf(record, plan);
        found.push({
          partition,
          offset: record.offset,
          timestamp: BigInt(timestampMs),
          key,
          value,
          headers: headers.map(([name, text]) => [name, String(text)]),
        });
      }
    }
    return found;
  }

  const inOrder = (records: readonly ReadRecord[]): ReadRecord[] =>
    records.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset));

  for (const reader of KAFKA_READERS) {
    for (const codec of CODECS) {
      const missing = reader.missing(codec);
      const name = `with ${codec} by ${reader.name}`;
      if (missing !== undefined) {
        test.skip(`${name} [skipped: ${missing}]`, () => undefined);
        continue;
      }
      test(name, async () => {
        const counts = [0, 1].map((partition) => expected.filter((each) => each.partition === partition).length);
        const read = await reader.read(stage.kafka, { topic: `${codec}.read`, counts });
        expect(inOrder(read)).toEqual(expected);
      });
    }
  }

  test('lie in the partitions that the Java producer chooses for their keys', async () => {
    await createTopic(stage.kafka.bootstrap, { topic: 'java', partitions: 6 });
    await kafkaTool(
      stage.kafka.distribution,
      'kafka-console-producer',
      [
        '--bootstrap-server',
        stage.kafka.bootstrap,
        '--topic',
        'java',
        '--reader-property',
        'parse.key=true',
        '--reader-property',
        'key.separator=|',
      ],
      { input: KEYS.map((key) => `${key}|value\n`).join('') },
    );
    const partitionsIn = async (topic: string): Promise<Record<string, number>> => {
      const found: [string, number][] = [];
      for (let partition = 0; partition < 6; partition += 1)
        for (const { key } of await stage.records(topic, partition)) found.push([String(key), partition]);
      return Object.fromEntries(found);
    };
    const java = await partitionsIn('java');
    expect(Object.keys(java)).toHaveLength(KEYS.length);
    expect(new Set(Object.values(java)).size).toBe(6);
    expect(await partitionsIn('none.keyed')).toEqual(java);
  });
});
