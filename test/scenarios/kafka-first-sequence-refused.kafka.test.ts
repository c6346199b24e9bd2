import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { FirstSequenceRefusals } from './harness/first-sequence-refusals.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const RECORDS = 100;

/**
 * A broker that takes no first sequence but 0 from a producer that it does not know: at first it is 0, and everything seems to be
 * well. Then the broker forgets the producer, and the next sequence is 100.
 */
whereKafkaRuns(describe)('a cluster that refuses a first sequence', () => {
  const refusals = new FirstSequenceRefusals();
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      kafka: {
        doors: ['proxied'],
        config: { 'producer.id.expiration.ms': '1000', 'producer.id.expiration.check.interval.ms': '100' },
      },
      clusters: async (kafka) => {
        kafka.proxy.addRule(refusals.rule);
        const section = { bootstrapServers: kafka.bootstrapOf('proxied'), requestTimeoutMs: 2_000 };
        return { main: section, strict: { ...section, mode: 'exact', naming: { prefix: 'strict.' } } };
      },
    });
    await stage.createTopic('orders');
    await stage.emit('orders', RECORDS);
    for (const cluster of ['main', 'strict']) await stage.published('orders', cluster);
    for (const topic of ['orders', 'strict.orders'])
      await eventually(async () => {
        const { topics } = await stage.client.metadata([topic]);
        const [known] = await stage.client.producers(topics[0]!.partitions[0]!.leader, [{ topic, partition: 0 }]);
        expect(known).toMatchObject({ errorCode: 0, producers: [] });
      });
    refusals.forget();
    await stage.emit('orders', RECORDS);
  });
  afterAll(() => stage?.close());

  const modeOf = async (cluster: string): Promise<unknown> =>
    (await stage.database.db.query(`select mode, mode_reason from log.cluster where name = $1`, [cluster])).rows[0];

  test('is published to at least once from then on, says so, and stays so over a new start', async () => {
    await stage.published('orders');
    expect(refusals.refused).toBeGreaterThan(3);
    expect(await compareWithLog(stage, 'orders')).toMatchObject(exactly(2 * RECORDS));
    const mode = {
      mode: 'at-least-once',
      mode_reason: expect.stringMatching(
        /no first sequence but 0 .*OUT_OF_ORDER_SEQUENCE_NUMBER for orders\/0.*remove/,
      ),
    };
    expect(await modeOf('main')).toEqual(mode);
    await stage.relay.line('exact mode is given up');
    expect(await stage.metric('cluster_mode_fallbacks_total', { cluster: 'main' })).toBe(1);
    await eventually(async () => expect(await stage.metric('cluster_exact_mode', { cluster: 'main' })).toBe(0));
    await stage.stopRelay();
    await stage.startRelay();
    await stage.emit('orders', RECORDS);
    await stage.published('orders');
    expect(await compareWithLog(stage, 'orders')).toMatchObject(exactly(3 * RECORDS));
    expect(await modeOf('main')).toEqual(mode);
  });

  test('stands still and says what to do where exact mode is demanded', async () => {
    const state = await eventually(async () => {
      const [partition] = await stage.partitions('orders', 'strict');
      expect(partition!.trouble).toContain('let mode be auto, or at-least-once');
      return partition!;
    }, 30_000);
    expect(state.acked).toBe(BigInt(RECORDS));
    expect(await modeOf('strict')).toMatchObject({ mode: 'exact' });
    expect(await stage.records('strict.orders')).toHaveLength(RECORDS);
    expect(await stage.metric('cluster_mode_fallbacks_total', { cluster: 'strict' })).toBe(0);
  });
});
