import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { type Answer, tidemark } from './harness/command-line.ts';
import { RelayProcess } from './harness/relay-process.ts';

whereKafkaRuns(describe)('a consumer group that moves to another cluster', () => {
  let database: TestDatabase;
  let a: KafkaCluster;
  let b: KafkaCluster;
  let relay: RelayProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    [a, b] = await Promise.all([startKafka(), startKafka()]);
    await database.db.query(`select outbox.create_topic('orders', p_partitions => 3)`);
    relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `a=${a.bootstrap}; b=${b.bootstrap}` });
    url = await relay.url();
    await emit(200);
    // Offsets of b differ from here on in partition 0.
    const producer = clientOf(b).producer();
    await producer.connect();
    await producer.send({ topic: 'orders', messages: [1, 2, 3].map((n) => ({ partition: 0, value: `theirs ${n}` })) });
    await producer.disconnect();
    await emit(100);
  });
  afterAll(async () => {
    await relay?.kill();
    await Promise.all([a?.stop(), b?.stop()]);
    await database?.drop();
  });

  const cli = (...args: string[]): Promise<Answer> => tidemark({ TIDEMARK_URL: url }, args);
  const clientOf = (cluster: KafkaCluster): Kafka =>
    new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });

  /** Half of the records to each of partitions 0 and 1; partition 2 stays empty. Returns once both clusters have them. */
  async function emit(count: number): Promise<void> {
    await database.db.query(
      `select outbox.emit('orders', null, jsonb_build_object('n', n), null, n % 2) from generate_series(1, $1) n`,
      [count],
    );
    const want = await database.db.query<{ count: string }>('select count(*) from outbox.message');
    await eventually(async () => {
      const { rows } = await database.db.query<{ acked: string }>(
        `select sum(p.acked_offset) as acked from log.cluster_partition p group by p.cluster_id`,
      );
      expect(rows).toEqual([{ acked: want.rows[0]!.count }, { acked: want.rows[0]!.count }]);
    }, 20_000);
  }

  async function commitOnA(group: string, offsets: readonly [partition: number, offset: string][]): Promise<void> {
    const admin = clientOf(a).admin();
    await admin.connect();
    const partitions = offsets.map(([partition, offset]) => ({ partition, offset }));
    await admin.setOffsets({ groupId: group, topic: 'orders', partitions });
    await admin.disconnect();
  }

  const idInLog = async (partition: number, offset: number): Promise<string> => {
    const answer = await fetch(`${url}/v1/topics/orders/partitions/${partition}/records?offset=${offset}&limit=1`);
    return ((await answer.json()) as { records: { messageId: string }[] }).records[0]!.messageId;
  };

  test('goes on with the same records, and cannot be moved again while it runs there', async () => {
    await commitOnA('billing', [
      [0, '120'],
      [1, '40'],
      [2, '0'],
    ]);
    const planned = await cli('failover', 'billing', '--from', 'a', '--to', 'b', '--dry-run');
    expect(planned).toMatchObject({ code: 0, err: 'nothing was changed (--dry-run)' });
    const { code, out } = await cli('failover', 'billing', '--from', 'a', '--to', 'b', '--reason', 'a burns', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      {
        complete: true,
        partitions: [
          { partition: 0, fromOffset: '120', toOffset: '123', previousOffset: null, done: 'committed' },
          { partition: 1, fromOffset: '40', toOffset: '40', done: 'committed' },
          { partition: 2, fromOffset: '0', toOffset: '0', done: 'committed' },
        ],
      },
    ]);

    const consumer = clientOf(b).consumer({ groupId: 'billing' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders' });
    const first = new Map<number, string>();
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ partition, message }) => {
        if (!first.has(partition)) first.set(partition, String(message.headers?.['tidemark-message-id']));
        return Promise.resolve();
      },
    });
    await eventually(() => expect(first.size).toBe(2), 20_000);
    expect(first.get(0)).toBe(await idInLog(0, 120));
    expect(first.get(1)).toBe(await idInLog(1, 40));
    expect(await cli('failover', 'billing', '--from', 'a', '--to', 'b')).toMatchObject({
      code: 1,
      err: expect.stringContaining('FAILOVER_GROUP_ACTIVE'),
    });
    await consumer.disconnect();
    const { rows } = await database.db.query(
      `select action, target, detail from audit.entry where action like 'group.failover%' order by id`,
    );
    const way = { from: 'a', to: 'b' };
    const offsets = [123, 40, 0].map((offset, partition) => {
      return { topic: 'orders', partition, offset: String(offset), before: null };
    });
    expect(rows).toEqual([
      { action: 'group.failover', target: 'billing', detail: { ...way, reason: 'a burns', offsets } },
      { action: 'group.failover-outcome', target: 'billing', detail: { ...way, committed: 3, failed: [] } },
    ]);
  });

  test('is refused while the target lacks what the group has handled, and for a group that is not there', async () => {
    await commitOnA('shipping', [
      [0, '150'],
      [1, '9000'],
    ]);
    const refused = await cli('failover', 'shipping', '--from', 'a', '--to', 'b');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('FAILOVER_NOT_READY') });
    const planned = await cli('failover', 'shipping', '--from', 'a', '--to', 'b', '--dry-run');
    expect(planned.code).toBe(1);
    expect(planned.out).toMatch(/orders +1 +9000 +9000 +- +behind +- +the target lacks 8850 records/);
    const onB = clientOf(b).admin();
    await onB.connect();
    const [offsets] = await onB.fetchOffsets({ groupId: 'shipping', topics: ['orders'] });
    await onB.disconnect();
    expect(offsets!.partitions.every(({ offset }) => offset === '-1')).toBe(true);
    expect((await cli('failover', 'nobody', '--from', 'a', '--to', 'b')).err).toContain('CLUSTER_GROUP_UNKNOWN');
  });

  test('offsets are translated, between clusters and with the log', async () => {
    const translate = async (from: string, to: string, offset: string): Promise<string> =>
      (await cli('translate', 'orders', '--from', from, '--to', to, '--partition', '0', '--offset', offset)).out;
    expect(await translate('a', 'b', '120')).toBe('orders-0: 120 of a is 123 of b, log offset 120');
    expect(await translate('b', 'a', '123')).toBe('orders-0: 123 of b is 120 of a, log offset 120');
    expect(await translate('b', 'a', '101')).toBe('orders-0: 101 of b is 100 of a, log offset 100');
    expect(await translate('log', 'b', '150')).toBe(
      'orders-0: 150 of log is 153 of b, log offset 150 (it comes next there)',
    );
    for (const cluster of ['a', 'b']) expect((await cli('verify', cluster)).code).toBe(0);
  });
});
