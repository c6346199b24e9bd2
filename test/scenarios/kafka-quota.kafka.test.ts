import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kafkaTool, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const BYTES_PER_SECOND = 100_000;

whereKafkaRuns(describe)('a quota for the relay', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      // Quotas count over windows of 1 s; by default over eleven of them.
      kafka: { config: { 'quota.window.num': '2' } },
      // A broker does not read from a client that it throttles: what was sent before waits as long.
      cluster: { clientId: 'shop-relay', batchMaxBytes: 20_000, requestTimeoutMs: 20_000 },
    });
  });
  afterAll(() => stage?.close());

  const quota = (...what: string[]): Promise<Buffer> =>
    kafkaTool(stage.kafka.distribution, 'kafka-configs', [
      '--bootstrap-server',
      stage.kafka.bootstrap,
      '--alter',
      '--entity-type',
      'clients',
      '--entity-name',
      'shop-relay',
      ...what,
    ]);

  test('is obeyed, and nothing is lost or doubled over it', async () => {
    await stage.createTopic('limited', 3);
    await stage.emit('limited', 30);
    await stage.published('limited');
    await quota('--add-config', `producer_byte_rate=${BYTES_PER_SECOND}`);
    const messages = 800;
    const startedAt = Date.now();
    await stage.emit('limited', messages, 'z'.repeat(1_000));
    await stage.published('limited');
    const seconds = (Date.now() - startedAt) / 1_000;
    expect(await compareWithLog(stage, 'limited')).toMatchObject(exactly(30 + messages));
    // Two windows go out at once, and what is on its way when the quota is passed.
    expect(seconds).toBeGreaterThan(((messages * 1_000) / BYTES_PER_SECOND) * 0.5);
    expect(await stage.metric('cluster_throttle_seconds_total')).toBeGreaterThan(1);
    expect(await stage.metric('cluster_batches_failed_total')).toBe(0);
    expect((await stage.partitions('limited')).map(({ trouble }) => trouble)).toEqual([null, null, null]);
  });

  test('that is lifted lets the relay run', async () => {
    await quota('--delete-config', 'producer_byte_rate');
    await stage.emit('limited', 800, 'z'.repeat(1_000));
    await stage.published('limited');
    expect(await compareWithLog(stage, 'limited')).toMatchObject(exactly(1_630));
  });
});
