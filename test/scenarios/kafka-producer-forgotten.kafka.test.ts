import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { API, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const HOUR_MS = 3_600_000;

/** Brokers forget a producer by the timestamps of its records: from then on they take any sequence from it. */
whereKafkaRuns(describe)('a broker that forgets the producer', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      kafka: {
        doors: ['proxied'],
        config: { 'producer.id.expiration.ms': '1000', 'producer.id.expiration.check.interval.ms': '100' },
      },
      clusters: async (kafka) => ({
        main: { bootstrapServers: kafka.bootstrapOf('proxied'), requestTimeoutMs: 2_000 },
      }),
    });
  });
  afterAll(() => stage?.close());

  const forgotten = (topic: string): Promise<void> =>
    eventually(async () => {
      const { topics } = await stage.client.metadata([topic]);
      const [known] = await stage.client.producers(topics[0]!.partitions[0]!.leader, [{ topic, partition: 0 }]);
      expect(known).toMatchObject({ errorCode: 0, producers: [] });
    });

  test('gets each record once all the same', async () => {
    await stage.createTopic('rested');
    for (let round = 1; round <= 3; round += 1) {
      await stage.emit('rested', 100);
      await stage.published('rested');
      await forgotten('rested');
    }
    expect(await compareWithLog(stage, 'rested')).toMatchObject(exactly(300));
  });

  test('gets records once that are so old that it forgets the producer while it writes', async () => {
    await stage.createTopic('old');
    const longAgo = new Date(Date.now() - 30 * HOUR_MS);
    for (let round = 1; round <= 20; round += 1) await stage.emitAt('old', 50, longAgo);
    await stage.published('old');
    expect(await compareWithLog(stage, 'old')).toMatchObject(exactly(1_000));
    await forgotten('old');
  });

  test('gets records once when the answer to old ones is lost', async () => {
    await stage.createTopic('unanswered');
    const longAgo = new Date(Date.now() - 30 * HOUR_MS);
    await stage.emitAt('unanswered', 10, longAgo);
    await stage.published('unanswered');
    const before = await stage.metric('cluster_quarantines_total');
    const lost = stage.kafka.proxy.next(
      ({ direction, apiKey }) => direction === 'response' && apiKey === API.produce,
      'cut',
    );
    for (let round = 1; round <= 5; round += 1) await stage.emitAt('unanswered', 20, longAgo);
    await lost;
    await stage.published('unanswered');
    expect(await compareWithLog(stage, 'unanswered')).toMatchObject(exactly(110));
    expect(await stage.metric('cluster_quarantines_total')).toBeGreaterThan(before);
    expect(await stage.metric('cluster_batches_failed_total', { rule: 'NO_ANSWER' })).toBeGreaterThan(0);
  });

  test('gets records once when old ones arrive late, after they were given up', async () => {
    await stage.createTopic('late');
    const longAgo = new Date(Date.now() - 30 * HOUR_MS);
    await stage.emitAt('late', 10, longAgo);
    await stage.published('late');
    // Given up after 2 s, and on the cluster one second later.
    const held = stage.kafka.proxy.next(({ direction, apiKey }) => direction === 'request' && apiKey === API.produce, {
      delayMs: 3_000,
    });
    await stage.emitAt('late', 20, longAgo);
    await held;
    await stage.emitAt('late', 20, longAgo);
    await stage.published('late');
    expect(await compareWithLog(stage, 'late')).toMatchObject(exactly(50));
  });

  test('gets records once from a relay that died, by what the records say', async () => {
    await stage.createTopic('orphaned');
    const longAgo = new Date(Date.now() - 30 * HOUR_MS);
    await stage.emitAt('orphaned', 300, longAgo);
    await eventually(async () => expect((await stage.records('orphaned')).length).toBeGreaterThan(0), 20_000);
    await stage.relay.kill();
    await stage.emitAt('orphaned', 300, longAgo);
    await forgotten('orphaned');
    await stage.startRelay();
    await stage.published('orphaned');
    expect(await compareWithLog(stage, 'orphaned')).toMatchObject(exactly(600));
    expect(await stage.metric('cluster_quarantines_total')).toBeGreaterThan(0);
  });
});
