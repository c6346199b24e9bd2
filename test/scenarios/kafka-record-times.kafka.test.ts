import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopic, kafkaTool, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { TIME_HEADER } from '#libs/stores/topic';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const HOUR_MS = 3_600_000;
const ONE_HOUR = String(HOUR_MS);

whereKafkaRuns(describe)('records whose times the cluster does not take', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open();
  });
  afterAll(() => stage?.close());

  const timeHeaders = async (topic: string): Promise<(string | undefined)[]> =>
    (await stage.records(topic)).map(({ headers }) => headers.find(([name]) => name === TIME_HEADER)?.[1]?.toString());

  test('are sent with the nearest time it takes, and say their own in a header', async () => {
    const configs = { 'message.timestamp.before.max.ms': ONE_HOUR, 'message.timestamp.after.max.ms': ONE_HOUR };
    await createTopic(stage.kafka.bootstrap, { topic: 'bounded', configs });
    await stage.createTopic('bounded');
    const [past, future] = [new Date(Date.now() - 10 * HOUR_MS), new Date(Date.now() + 10 * HOUR_MS)];
    await stage.emit('bounded', 2);
    await stage.emitAt('bounded', 3, past);
    await stage.emitAt('bounded', 3, future);
    await stage.emit('bounded', 2);
    await stage.published('bounded');

    expect(await compareWithLog(stage, 'bounded')).toMatchObject(exactly(10));
    const [own, before, after] = [undefined, past.toISOString(), future.toISOString()];
    expect(await timeHeaders('bounded')).toEqual([own, own, before, before, before, after, after, after, own, own]);
    for (const { timestampMs } of await stage.records('bounded'))
      expect(Math.abs(timestampMs - Date.now())).toBeLessThan(HOUR_MS);
    expect(await stage.metric('cluster_timestamps_clamped_total')).toBe(6);
    expect((await stage.partitions('bounded'))[0]!.trouble).toBeNull();
  });

  test('are sent so as well when the cluster has begun to refuse them', async () => {
    await stage.createTopic('tightened');
    await stage.emitAt('tightened', 5, new Date(Date.now() - 10 * HOUR_MS));
    await stage.published('tightened');
    expect(await timeHeaders('tightened')).toEqual(Array.from({ length: 5 }));
    const clamped = await stage.metric('cluster_timestamps_clamped_total');
    // The relay read the configs of the topic before this.
    await kafkaTool(stage.kafka.distribution, 'kafka-configs', [
      '--bootstrap-server',
      stage.kafka.bootstrap,
      '--alter',
      '--entity-type',
      'topics',
      '--entity-name',
      'tightened',
      '--add-config',
      `message.timestamp.before.max.ms=${2 * HOUR_MS}`,
    ]);
    const past = new Date(Date.now() - 11 * HOUR_MS);
    await stage.emitAt('tightened', 5, past);
    await stage.published('tightened');
    expect(await compareWithLog(stage, 'tightened')).toMatchObject(exactly(10));
    expect((await timeHeaders('tightened')).slice(5)).toEqual(Array.from({ length: 5 }, () => past.toISOString()));
    expect(await stage.metric('cluster_batches_failed_total', { rule: 'INVALID_TIMESTAMP' })).toBeGreaterThan(0);
    expect(await stage.metric('cluster_timestamps_clamped_total')).toBe(clamped + 5);
  });
});
