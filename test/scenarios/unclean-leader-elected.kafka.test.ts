import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createKafkaClient,
  type KafkaClient,
  type PartitionMetadata,
  parseBootstrapServers,
} from '#libs/foundation/kafka';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually } from '#libs/foundation/testing';
import { createTopic, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { ClusterReader } from '#libs/movers/publisher';
import { messageIdOf } from '#libs/stores/topic';
import { tidemark } from './harness/command-line.ts';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';
import { soak } from './harness/soak.ts';

const ROUNDS = soak(1, 10);
const RECORDS = 300;
const ELECTED_MS = 40_000;

/**
 * Three brokers, of which two have the partition, and availability before truth: a follower that is far behind may lead when
 * nobody else is left. The records that only the old leader had were acknowledged, and are gone.
 */
whereKafkaRuns(describe)('an unclean election', () => {
  let stage: PublishingStage;
  /** Gives a broker that is paused up soon. */
  let client: KafkaClient;

  beforeAll(async () => {
    stage = await PublishingStage.open({ kafka: { brokers: 3 }, relay: false });
    const bootstrap = parseBootstrapServers(stage.kafka.bootstrap);
    if (typeof bootstrap === 'string') throw new Error(bootstrap);
    const timeouts = { connectTimeoutMs: 1_000, requestTimeoutMs: 1_000 };
    client = createKafkaClient({ bootstrap, clientId: 'tidemark-test', ...timeouts });
    await createTopic(stage.kafka.bootstrap, {
      topic: 'orders',
      replicas: 2,
      configs: { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' },
    });
    await stage.createTopic('orders');
    await stage.startRelay();
  }, 120_000);
  afterAll(async () => {
    await client?.close();
    await stage?.close();
  }, 60_000);

  /** As the brokers tell it, once it fits. */
  const partition = (fits: (state: PartitionMetadata) => boolean): Promise<PartitionMetadata> =>
    eventually(async () => {
      const { topics } = await client.metadata(['orders']);
      const state = topics[0]?.partitions[0];
      if (state === undefined || !fits(state)) throw new Error(`still ${JSON.stringify(state)}`);
      return state;
    }, ELECTED_MS);

  /** What consumers find, by offset. */
  async function read(): Promise<string[]> {
    const { signal } = new AbortController();
    const reader = new ClusterReader({ client, topic: 'orders', sleep: systemSleep, random: Math.random, signal });
    const { startOffset, endOffset } = await reader.bounds(0);
    const ids: string[] = [];
    for (let offset = startOffset; offset < endOffset;) {
      const page = await reader.fetch(0, offset);
      ids.push(...page.records.map((record) => messageIdOf(record) ?? 'foreign'));
      offset = page.nextOffset;
    }
    return ids;
  }

  test(
    `${ROUNDS} times: what the new leader lacks comes again, at the same offsets`,
    async () => {
      let emitted = 0;
      const emit = async (): Promise<void> => {
        await stage.emit('orders', RECORDS);
        emitted += RECORDS;
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        const { leader, replicas } = await partition((state) => state.inSyncReplicas.length === 2 && state.leader > 0);
        const behind = replicas.find((each) => each !== leader)!;
        await emit();
        await stage.published('orders');
        stage.kafka.broker(behind).pause();
        await partition(({ inSyncReplicas }) => inSyncReplicas.length === 1);
        await emit();
        await stage.published('orders');
        const readBefore = await read();
        expect(readBefore).toHaveLength(emitted);
        const truncated = await stage.metric('cluster_ends_located_total', { cause: 'truncated' });

        await stage.kafka.broker(leader).kill();
        stage.kafka.broker(behind).resume();
        await emit();
        await partition((state) => state.leader === behind);
        await eventually(async () => {
          const now = await stage.metric('cluster_ends_located_total', { cause: 'truncated' });
          expect(now).toBeGreaterThan(truncated);
        }, ELECTED_MS);
        await stage.published('orders');
        await eventually(
          async () => expect((await read()).slice(0, readBefore.length)).toEqual(readBefore),
          ELECTED_MS,
        );
        await stage.kafka.broker(leader).start();
      }
      await partition(({ inSyncReplicas }) => inSyncReplicas.length === 2);
      expect(await compareWithLog(stage, 'orders')).toMatchObject(exactly(emitted));
      expect(await tidemark({ TIDEMARK_URL: stage.url }, ['verify', 'main'])).toMatchObject({ code: 0 });
      const [state] = await stage.partitions('orders');
      expect(state!.segments).toMatchObject([{ delta: 0n, reason: 'start' }]);
    },
    soak(120_000, 1_200_000),
  );
});
