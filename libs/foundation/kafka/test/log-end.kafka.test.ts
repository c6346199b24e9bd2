import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaClient, KAFKA_ERROR, type KafkaClient } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, logEnd, partitionOf } from './topic-of-test.ts';

whereKafkaRuns(describe)('where a log ends', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;

  beforeAll(async () => {
    // A follower that stands still must stay in sync for as long as the test looks.
    kafka = await startKafka({
      brokers: 3,
      config: { 'replica.lag.time.max.ms': '60000', 'broker.session.timeout.ms': '60000' },
    });
    client = createKafkaClient(kafkaSettings(kafka.bootstrap));
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  it('is told with the records that followers lack, while the latest offset is the high watermark', async () => {
    await createdTopic(client, 'ends', { replicationFactor: 3 });
    const { leader, leaderEpoch, inSyncReplicas } = await eventually(async () => {
      const found = await partitionOf(client, 'ends');
      expect(found.inSyncReplicas).toHaveLength(3);
      return found;
    });
    const before = await client.produce(leader, [batchOf({ topic: 'ends', count: 2 })], 10_000);
    expect(before.results[0]).toMatchObject({ errorCode: 0, baseOffset: 0n });

    const follower = kafka.broker(inSyncReplicas.find((id) => id !== leader)!);
    follower.pause();
    try {
      const late = await client.produce(leader, [batchOf({ topic: 'ends', count: 3 })], 1_000);
      expect(late.results[0]?.errorCode).toBe(KAFKA_ERROR.REQUEST_TIMED_OUT);
      const of = [{ topic: 'ends', partition: 0 }];
      expect((await client.logEnds(leader, [{ ...of[0]!, leaderEpoch }]))[0]?.endOffset).toBe(5n);
      expect((await client.listOffsets(leader, of, 'latest'))[0]?.offset).toBe(2n);
      const [fetched] = await client.fetch(leader, [{ ...of[0]!, offset: 0n, maxBytes: 100_000 }], 100);
      expect(fetched?.records).toHaveLength(2);
      expect(fetched?.highWatermark).toBe(2n);
    } finally {
      follower.resume();
    }
    await eventually(async () => {
      expect((await client.listOffsets(leader, [{ topic: 'ends', partition: 0 }], 'latest'))[0]?.offset).toBe(5n);
    });
  });

  it('is told by the leader alone, for its epoch alone', async () => {
    await createdTopic(client, 'leaders', { replicationFactor: 3 });
    const { leader, leaderEpoch, replicas } = await partitionOf(client, 'leaders');
    const follower = replicas.find((id) => id !== leader)!;
    const ask = async (broker: number, epoch: number): Promise<number | undefined> =>
      (await client.logEnds(broker, [{ topic: 'leaders', partition: 0, leaderEpoch: epoch }]))[0]?.errorCode;
    expect(await ask(leader, leaderEpoch)).toBe(0);
    expect(await ask(follower, leaderEpoch)).toBe(KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER);
    expect(await ask(leader, leaderEpoch + 1)).toBe(KAFKA_ERROR.UNKNOWN_LEADER_EPOCH);
    expect(await logEnd(client, 'leaders')).toBe(0n);
  });

  it('is told by the next leader once the first is killed', async () => {
    await createdTopic(client, 'moves', { replicationFactor: 3 });
    const { leader, leaderEpoch } = await partitionOf(client, 'moves');
    await client.produce(leader, [batchOf({ topic: 'moves', count: 4 })], 10_000);
    await kafka.broker(leader).kill('SIGTERM');
    const next = await eventually(async () => {
      const found = await partitionOf(client, 'moves');
      expect(found.leader).not.toBe(leader);
      expect(found.leader).toBeGreaterThan(0);
      return found;
    }, 30_000);
    expect(next.leaderEpoch).toBeGreaterThan(leaderEpoch);
    expect(await eventually(() => logEnd(client, 'moves'))).toBe(4n);
    await expect(client.produce(leader, [batchOf({ topic: 'moves' })], 1_000)).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
    });
  });
});
