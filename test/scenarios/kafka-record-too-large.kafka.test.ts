import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopic, kafkaTool, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PLACEHOLDER_HEADER, PLACEHOLDER_KEY } from '#libs/stores/topic';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

whereKafkaRuns(describe)('records that are larger than the cluster takes', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open();
  });
  afterAll(() => stage?.close());

  /** `bytes` that no compression makes smaller do not matter here: nothing is compressed. */
  const emitOf = (topic: string, bytes: number): Promise<void> => stage.emit(topic, 1, 'x'.repeat(bytes));

  test('become placeholders at their offsets, and the others go on', async () => {
    await createTopic(stage.kafka.bootstrap, { topic: 'small', configs: { 'max.message.bytes': '20000' } });
    await stage.createTopic('small');
    await stage.emit('small', 50);
    await emitOf('small', 30_000);
    await stage.emit('small', 50);
    await emitOf('small', 40_000);
    await stage.emit('small', 50);
    await stage.published('small');

    const records = await stage.records('small');
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 152 }, (_, n) => BigInt(n)));
    const placeholders = records.filter(({ key }) => key?.toString() === PLACEHOLDER_KEY);
    expect(placeholders.map(({ offset }) => offset)).toEqual([50n, 101n]);
    for (const { headers, value } of placeholders) {
      expect(headers.map(([name]) => name)).toEqual([PLACEHOLDER_HEADER, 'tidemark-message-id']);
      expect(JSON.parse(String(value))).toMatchObject({ reason: 'too-large', messageId: String(headers[1]![1]) });
    }
    const { rows } = await stage.database.db.query(
      `select p.partition, p."offset", p.reason, p.detail from log.cluster_placeholder p
       join outbox.topic t on t.id = p.topic_id where t.name = 'small' order by p."offset"`,
    );
    expect(rows).toEqual([
      { partition: 0, offset: '50', reason: 'too-large', detail: expect.stringContaining('MESSAGE_TOO_LARGE') },
      { partition: 0, offset: '101', reason: 'too-large', detail: expect.stringContaining('MESSAGE_TOO_LARGE') },
    ]);
    // Nothing but the two differs.
    const report = await compareWithLog(stage, 'small');
    expect(report.counts).toEqual({ missing: 0n, doubled: 0n, foreign: 0n, differing: 2n });
    expect(report.matching).toBe(150n);
    expect(await stage.metric('cluster_placeholders_total')).toBe(2);
    await stage.relay.line('a placeholder stands in its place');
  });

  test('are remembered as placeholders when the cluster loses them', async () => {
    await stage.relay.kill();
    await kafkaTool(stage.kafka.distribution, 'kafka-topics', [
      '--bootstrap-server',
      stage.kafka.bootstrap,
      '--delete',
      '--topic',
      'small',
    ]);
    // The same offsets get the same bytes, although this topic would take the large records.
    await createTopic(stage.kafka.bootstrap, { topic: 'small' });
    await stage.startRelay();
    await stage.emit('small', 1);
    await stage.published('small');
    const records = await stage.records('small');
    expect(records).toHaveLength(153);
    expect(records[50]!.key?.toString()).toBe(PLACEHOLDER_KEY);
    expect(records[101]!.key?.toString()).toBe(PLACEHOLDER_KEY);
  });

  test('make no trouble where only the batch is too large', async () => {
    await stage.createTopic('halved');
    await stage.emit('halved', 10);
    await stage.published('halved');
    const before = await stage.metric('cluster_placeholders_total');
    // The relay read the configs of the topic before this.
    await kafkaTool(stage.kafka.distribution, 'kafka-configs', [
      '--bootstrap-server',
      stage.kafka.bootstrap,
      '--alter',
      '--entity-type',
      'topics',
      '--entity-name',
      'halved',
      '--add-config',
      'max.message.bytes=5000',
    ]);
    await stage.emit('halved', 300, 'y'.repeat(1_000));
    await stage.published('halved');
    expect(await compareWithLog(stage, 'halved')).toMatchObject(exactly(310));
    expect(await stage.metric('cluster_batches_failed_total', { rule: 'MESSAGE_TOO_LARGE' })).toBeGreaterThan(0);
    expect(await stage.metric('cluster_placeholders_total')).toBe(before);
  });
});
