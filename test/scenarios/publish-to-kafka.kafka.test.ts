import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { consoleConsumer, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { RelayProcess } from './harness/relay-process.ts';

whereKafkaRuns(describe)('publishing to Kafka', () => {
  let database: TestDatabase;
  let kafka: KafkaCluster;
  let relay: RelayProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    kafka = await startKafka();
    await database.db.query(`select outbox.create_topic('orders', p_partitions => 3)`);
    relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
    await relay.url();
  });
  afterAll(async () => {
    await relay?.kill();
    await kafka?.stop();
    await database?.drop();
  });

  test('what commits is on the cluster, at the offset that the log says', async () => {
    await database.db.query(
      `select outbox.emit('orders', 'customer ' || n % 7, jsonb_build_object('n', n)) from generate_series(1, 1000) n`,
    );
    await eventually(async () => {
      const { rows } = await database.db.query<{ acked: string }>(
        'select coalesce(sum(acked_offset), 0) as acked from log.cluster_partition',
      );
      expect(rows[0]!.acked).toBe('1000');
    });
    const { rows } = await database.db.query<{ partition: number; next_offset: string }>(
      'select h.partition, h.next_offset from log.head h order by h.partition',
    );
    for (const { partition, next_offset: end } of rows) {
      const read = await consoleConsumer(kafka.distribution, {
        bootstrap: kafka.bootstrap,
        topic: 'orders',
        partition,
        count: Number(end),
      });
      expect(read.map(({ offset }) => offset)).toEqual(read.map((_, index) => BigInt(index)));
    }
  });
});
