import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { messageIdOf, PostgresTopicReader } from '#libs/stores/topic';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

whereKafkaRuns(describe)('another producer that writes into a topic of ours', () => {
  let stage: PublishingStage;
  let foreign: Producer;

  beforeAll(async () => {
    stage = await PublishingStage.open();
    const kafka = new Kafka({ brokers: stage.kafka.bootstrap.split(','), logLevel: logLevel.NOTHING });
    foreign = kafka.producer();
    await foreign.connect();
  });
  afterAll(async () => {
    await foreign?.disconnect();
    await stage?.close();
  });

  const write = (topic: string, records: number): Promise<unknown> =>
    foreign.send({
      topic,
      messages: Array.from({ length: records }, (_, n) => ({ partition: 0, value: `foreign ${n}` })),
    });

  /** Every record of ours lies where the segments say, both ways. */
  async function expectExactTranslation(topic: string): Promise<void> {
    const map = await stage.mapOf(topic);
    const reader = new PostgresTopicReader(stage.database.db);
    const offsets = new Map<string, bigint>();
    const { records } = await reader.read(topic, 0, 0n, { maxRecords: 10_000, maxBytes: 16_000_000 });
    for (const record of records) offsets.set(record.messageId, record.offset);
    for (const record of await stage.records(topic)) {
      const id = messageIdOf(record);
      if (id === null) continue;
      expect(map.toCluster(offsets.get(id)!)).toBe(record.offset);
      expect(map.toLog(record.offset)).toBe(offsets.get(id)!);
    }
  }

  test('moves the offsets behind its records by their number', async () => {
    await stage.createTopic('moved');
    await stage.emit('moved', 100);
    await stage.published('moved');
    await write('moved', 3);
    await stage.emit('moved', 100);
    await stage.published('moved');
    await write('moved', 2);
    await stage.emit('moved', 50);
    await stage.published('moved');
    expect(await compareWithLog(stage, 'moved')).toMatchObject(exactly(250, 5));
    const [partition] = await stage.partitions('moved');
    expect(partition!.segments).toMatchObject([
      { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' },
      { fromOffset: 100n, delta: 3n, sequenceDelta: 0n, reason: 'foreign' },
      { fromOffset: 200n, delta: 5n, sequenceDelta: 0n, reason: 'foreign' },
    ]);
    await expectExactTranslation('moved');
    expect(await stage.metric('cluster_segments_opened_total', { reason: 'foreign' })).toBe(2);
    await eventually(async () => expect(await stage.metric('cluster_offsets_shifted')).toBe(1));
    await stage.relay.line('offsets on the cluster differ from those of the log');
  });

  test('loses and doubles nothing of ours when it writes at the same time', async () => {
    await stage.createTopic('mixed');
    await stage.emit('mixed', 1);
    await stage.published('mixed');
    let written = 0;
    let emitted = 1;
    await Promise.all([
      (async () => {
        for (; written < 200; written += 2) await write('mixed', 2);
      })(),
      (async () => {
        for (; emitted < 1_001; emitted += 20) await stage.emit('mixed', 20);
      })(),
    ]);
    await stage.published('mixed');
    expect(await compareWithLog(stage, 'mixed')).toMatchObject(exactly(emitted, written));
    const [partition] = await stage.partitions('mixed');
    expect(partition!.segments.length).toBeGreaterThan(2);
    await expectExactTranslation('mixed');
  });

  test('is noticed by the next relay when it writes while none runs', async () => {
    await stage.createTopic('between');
    await stage.emit('between', 40);
    await stage.published('between');
    await stage.relay.kill();
    await write('between', 7);
    await stage.emit('between', 40);
    await stage.startRelay();
    await stage.published('between');
    expect(await compareWithLog(stage, 'between')).toMatchObject(exactly(80, 7));
    expect((await stage.partitions('between'))[0]!.segments.at(-1)).toMatchObject({ fromOffset: 40n, delta: 7n });
    await expectExactTranslation('between');
  });
});
