import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { type KafkaHeaderOptions, messageIdOf } from '#libs/stores/topic';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const HEADERS: KafkaHeaderOptions = {
  schemaId: 'always',
  debezium: true,
  cloudEvents: {
    source: 'https://shop.example.com/${topic}',
    type: 'com.example.${topic}',
    typeHeader: 'event-type',
    subjectFromKey: true,
    contentType: 'application/json',
  },
};

whereKafkaRuns(describe)('clusters with headers and modes of their own', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      clusters: async ({ bootstrap: bootstrapServers }) => ({
        standards: {
          bootstrapServers,
          headers: HEADERS,
          naming: { template: '${source}.${topic}', source: 'shop' },
          canary: { intervalMs: 1_000 },
        },
        simple: {
          bootstrapServers,
          mode: 'at-least-once',
          naming: { prefix: 'simple.' },
          topics: { include: ['orders'] },
        },
      }),
    });
    await stage.createTopic('orders', 2);
    await stage.database.db.query(
      `select outbox.emit('orders', 'customer ' || n % 5, jsonb_build_object('n', n),
         case when n % 2 = 0 then '{"event-type": "OrderPlaced"}'::jsonb end) from generate_series(1, 200) n`,
    );
  });
  afterAll(() => stage?.close());

  test('CloudEvents and Debezium headers are there as configured', async () => {
    await stage.published('orders', 'standards');
    const wanted = { cluster: 'standards', clusterTopic: 'shop.orders', headers: HEADERS };
    expect(await compareWithLog(stage, 'orders', wanted)).toMatchObject(exactly(200));
    const [first] = await stage.records('shop.orders');
    const headers = Object.fromEntries(first!.headers.map(([name, value]) => [name, String(value)]));
    const id = messageIdOf(first!);
    expect(headers).toMatchObject({
      'tidemark-message-id': id,
      'tidemark-topic': 'orders',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: 'https://shop.example.com/orders',
      ce_type: 'event-type' in headers ? 'OrderPlaced' : 'com.example.orders',
      ce_time: new Date(first!.timestampMs).toISOString(),
      ce_subject: String(first!.key),
      'content-type': 'application/json',
      id,
    });
  });

  test('a canary is timed from its commit until it can be read', async () => {
    await eventually(async () => {
      const { rows } = await stage.database.db.query<{ readable_ms: number | null; failure: string | null }>(
        `select k.readable_ms, k.failure from log.cluster_canary k join log.cluster c on c.id = k.cluster_id where c.name = 'standards'`,
      );
      expect(rows).toEqual([{ readable_ms: expect.any(Number), failure: null }]);
      expect(rows[0]!.readable_ms).toBeGreaterThan(0);
      expect(await stage.metric('cluster_canary_seconds_count', { cluster: 'standards' })).toBeGreaterThan(1);
    }, 20_000);
    expect(await stage.metric('cluster_canary_failures_total')).toBe(0);
    // Nowhere else.
    const { topics } = await stage.client.metadata(undefined);
    expect(topics.map(({ name }) => name).filter((name) => name.includes('canary'))).toEqual(['shop.tidemark.canary']);
  });

  test('at least once means in order and with message ids, also over a kill', async () => {
    await stage.published('orders', 'simple');
    for (let round = 1; round <= 3; round += 1) {
      await stage.emit('orders', 300);
      const target = 200 + 300 * (round - 1);
      await eventually(async () => {
        const read = [await stage.records('simple.orders', 0), await stage.records('simple.orders', 1)].flat();
        expect(read.length).toBeGreaterThan(target);
      });
      await stage.relay.kill();
      await stage.startRelay();
    }
    await stage.published('orders', 'simple');
    const { rows } = await stage.database.db.query<{ mode: string; mode_reason: string }>(
      `select mode, mode_reason from log.cluster where name = 'simple'`,
    );
    expect(rows).toEqual([{ mode: 'at-least-once', mode_reason: 'configured' }]);
    await eventually(async () => expect(await stage.metric('cluster_exact_mode', { cluster: 'simple' })).toBe(0));
    for (const partition of [0, 1]) expect(await firstSeen(partition)).toEqual(await inLog(partition));
  });

  /** Message ids of a partition on the cluster; of those that are there again, the first. */
  async function firstSeen(partition: number): Promise<string[]> {
    const records = await stage.records('simple.orders', partition);
    for (const { producerId } of records) expect(producerId).toBe(-1n);
    return [...new Set(records.map((record) => messageIdOf(record)!))];
  }

  async function inLog(partition: number): Promise<string[]> {
    const { rows } = await stage.database.db.query<{ id: string }>(
      `select m.message_id as id from log.batch b join outbox.topic t on t.id = b.topic_id,
         unnest(b.positions) with ordinality as p(position, n) join outbox.message m on m.id = p.position
       where t.name = 'orders' and b.partition = $1 order by b.base_offset, p.n`,
      [partition],
    );
    return rows.map(({ id }) => id);
  }
});
