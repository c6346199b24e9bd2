import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { type Consumer, createConsumer, createOutbox, type Delivery, kafkaTransport } from '#libs/sdk';
import { RelayProcess } from './harness/relay-process.ts';

const ORDERS = 200;

whereKafkaRuns(describe)('consuming from Kafka', () => {
  let database: TestDatabase;
  let kafka: KafkaCluster;
  let relay: RelayProcess;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    kafka = await startKafka();
    await database.db.query(`select outbox.create_topic('orders', p_partitions => 3)`);
    await database.db.query('create table shipment (id integer, attempt integer)');
    relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
    await relay.url();
  });
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop({ deadlineMs: 5_000 })));
    await relay?.kill();
    await kafka?.stop();
    await database?.drop();
  });

  async function consume(): Promise<Consumer> {
    const handle = async ({ value, tx, attempt }: Delivery<PoolClient, { n: number }>): Promise<void> => {
      await tx.query('insert into shipment values ($1, $2)', [value.n, attempt]);
      if (value.n === 13 || (value.n === 50 && attempt < 3)) throw new Error(`order ${value.n} is refused`);
    };
    const options = { concurrency: 8, attempts: 2, backoff: { minMs: 1, maxMs: 2 }, retryTiers: [{ delayMs: 100 }] };
    const consumer = createConsumer({
      database: database.url,
      group: 'shipping',
      transport: kafkaTransport({ cluster: 'main', bootstrap: kafka.bootstrap }),
      commitIntervalMs: 100,
      topicsIntervalMs: 500,
      subscriptions: [{ topics: 'orders', handle, ...options }],
    });
    consumers.push(consumer);
    await consumer.start();
    return consumer;
  }

  test('effects happen once over a change of members, retries and dead letters go through the outbox to the cluster', async () => {
    const outbox = createOutbox();
    const emit = (from: number, count: number): Promise<unknown> =>
      database.db.transaction((tx) =>
        outbox.emitBatch(
          tx,
          Array.from({ length: count }, (_, index) => ({
            topic: 'orders',
            key: `customer ${index % 7}`,
            payload: { n: from + index },
          })),
        ),
      );
    await emit(0, ORDERS / 2);
    const first = await consume();
    await eventually(async () => {
      const { rows } = await database.db.query<{ n: number }>('select count(*)::integer as n from shipment');
      expect(rows[0]!.n).toBeGreaterThan(20);
    }, 30_000);
    await emit(ORDERS / 2, ORDERS / 2);
    await first.stop({ deadlineMs: 5_000 });
    await consume();
    await eventually(async () => {
      const { rows } = await database.db.query<{ id: number; attempt: number }>(
        'select id, attempt from shipment order by id',
      );
      const expected = Array.from({ length: ORDERS }, (_, id) => ({ id, attempt: id === 50 ? 3 : 1 }));
      expect(rows).toEqual(expected.filter(({ id }) => id !== 13));
    }, 60_000);
    await eventually(async () => {
      const { rows } = await database.db.query(
        `select convert_from(m.payload, 'UTF8') as payload from outbox.message m join outbox.topic t on t.id = m.topic_id
         where t.name = 'orders.shipping.dlq'`,
      );
      expect(rows).toEqual([{ payload: '{"n":13}' }]);
    }, 30_000);
  });
});
