import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { type ClusterSections, PublishingStage } from './harness/publishing-stage.ts';

type Mode = 'auto' | 'exact' | 'at-least-once';

whereKafkaRuns(describe)('clusters whose mode is changed', () => {
  let stage: PublishingStage;
  let emitted = 0;

  const sections = (bootstrapServers: string, first: Mode, later: Mode): ClusterSections => ({
    first: { bootstrapServers, requestTimeoutMs: 2_000, mode: first },
    later: { bootstrapServers, requestTimeoutMs: 2_000, mode: later, naming: { prefix: 'later.' } },
  });

  beforeAll(async () => {
    stage = await PublishingStage.open({
      clusters: async ({ bootstrap }) => sections(bootstrap, 'exact', 'at-least-once'),
    });
    await stage.createTopic('orders', 2);
    await emit();
  });
  afterAll(() => stage?.close());

  async function emit(): Promise<void> {
    await stage.emit('orders', 200);
    emitted += 200;
  }

  async function restartIn(first: Mode, later: Mode): Promise<void> {
    await stage.stopRelay();
    await stage.configure(sections(stage.kafka.bootstrap, first, later));
    await stage.startRelay();
  }

  async function expectAll(cluster: string, clusterTopic: string): Promise<void> {
    await stage.published('orders', cluster);
    expect(await compareWithLog(stage, 'orders', { cluster, clusterTopic })).toMatchObject(exactly(emitted));
    for (const { segments } of await stage.partitions('orders', cluster))
      expect(segments).toMatchObject([{ delta: 0n, reason: 'start' }]);
  }

  const modeOf = async (cluster: string): Promise<unknown> =>
    (await stage.database.db.query(`select mode, mode_reason from log.cluster where name = $1`, [cluster])).rows[0];

  test('go on at the same places, from exact to at least once and the other way', async () => {
    await expectAll('first', 'orders');
    await expectAll('later', 'later.orders');
    await restartIn('at-least-once', 'exact');
    await emit();
    await expectAll('first', 'orders');
    await expectAll('later', 'later.orders');
    expect(await modeOf('first')).toEqual({ mode: 'at-least-once', mode_reason: 'configured' });
    expect(await modeOf('later')).toMatchObject({ mode: 'exact' });
    await emit();
    await expectAll('first', 'orders');
    await expectAll('later', 'later.orders');
  });

  test('do not come back to exact mode by themselves, nor unless begun anew', async () => {
    await restartIn('auto', 'auto');
    await emit();
    await expectAll('first', 'orders');
    await expectAll('later', 'later.orders');
    expect(await modeOf('first')).toMatchObject({
      mode: 'at-least-once',
      mode_reason: expect.stringContaining('records were sent at least once after exact mode'),
    });
    await restartIn('exact', 'exact');
    await stage.relay.line('exact mode is not possible: records were sent at least once after exact mode');
    await emit();
    await expectAll('later', 'later.orders');
    expect(await modeOf('first')).toMatchObject({ mode: 'at-least-once' });
  });
});
