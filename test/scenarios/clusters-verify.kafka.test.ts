import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { type Answer, tidemark } from './harness/command-line.ts';
import { RelayProcess } from './harness/relay-process.ts';

interface Report {
  readonly identical: boolean;
  readonly matching: string;
  readonly missing: string;
  readonly foreign: string;
  readonly doubled: string;
  readonly found: readonly { readonly kind: string; readonly topic: string; readonly clusterOffset: string }[];
}

whereKafkaRuns(describe)('verifying a cluster from the command line', () => {
  let database: TestDatabase;
  let kafka: KafkaCluster;
  let relay: RelayProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    kafka = await startKafka();
    await database.db.query(`select outbox.create_topic('orders', p_partitions => 3)`);
    relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
    url = await relay.url();
  });
  afterAll(async () => {
    await relay?.kill();
    await kafka?.stop();
    await database?.drop();
  });

  const cli = (...args: string[]): Promise<Answer> => tidemark({ TIDEMARK_URL: url }, args);
  const verified = async (...args: string[]): Promise<{ code: number; report: Report }> => {
    const { code, out, err } = await cli('verify', 'main', ...args, '--json');
    if (out === '') throw new Error(err);
    return { code, report: JSON.parse(out) as Report };
  };
  const caughtUp = (): Promise<void> =>
    eventually(async () => {
      expect((await cli('clusters', '--json')).out).toContain('"messages": "0"');
      const { rows } = await database.db.query<{ lacking: string }>(
        `select count(*) as lacking from log.head h
         left join log.cluster_partition p on p.topic_id = h.topic_id and p.partition = h.partition
         where h.next_offset > coalesce(p.acked_offset, 0)`,
      );
      expect(rows[0]!.lacking).toBe('0');
    }, 20_000);
  const emit = async (count: number, topic = 'orders'): Promise<void> => {
    await database.db.query(
      `select outbox.emit($2, 'customer ' || n % 7, jsonb_build_object('n', n)) from generate_series(1, $1) n`,
      [count, topic],
    );
    await eventually(async () => {
      const { out } = await cli('status', '--json');
      expect(out).toContain('"lagMessages": "0"');
    });
    await caughtUp();
  };
  const produce = async (partition: number, value: string, headers: Record<string, string> = {}): Promise<void> => {
    const client = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic: 'orders', messages: [{ partition, value, headers }] });
    await producer.disconnect();
  };

  test('finds nothing after publishing, and goes on finding nothing while records come', async () => {
    await emit(1_000);
    expect(await verified()).toMatchObject({ code: 0, report: { identical: true, matching: '1000', foreign: '0' } });
    const writing = emit(3_000);
    for (let round = 0; round < 3; round += 1)
      expect(await verified()).toMatchObject({ code: 0, report: { identical: true, foreign: '0', missing: '0' } });
    await writing;
    const text = await cli('verify', 'main', 'orders');
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain('main: identical; 4000 of 4000 records match');
    expect((await cli('clusters')).out).toMatch(/^CLUSTER [^]*\nmain +exact +yes +1 +3 +none +yes /);
    expect((await cli('clusters', 'describe', 'main')).out).toContain('the same as in the log, everywhere');
  });

  test('finds what another producer writes, and a copy of ours; what follows is still exact', async () => {
    await produce(1, 'not ours');
    await emit(100);
    const foreign = await verified('orders');
    expect(foreign).toMatchObject({ code: 0, report: { identical: true, matching: '4100', foreign: '1' } });
    expect(foreign.report.found).toEqual([expect.objectContaining({ kind: 'foreign', topic: 'orders', partition: 1 })]);
    expect((await cli('clusters', 'describe', 'main')).out).toContain('NOT those of the log everywhere');

    const { rows } = await database.db.query<{ message_id: string }>('select message_id from outbox.message limit 1');
    await produce(2, 'a copy', { 'tidemark-message-id': rows[0]!.message_id });
    const doubled = await cli('verify', 'main', 'orders', '--partition', '2');
    expect(doubled).toMatchObject({ code: 1, err: expect.stringContaining('does not hold what the log holds') });
    expect(doubled.out).toMatch(/^doubled at orders-2 offset \d+: the log has this message/);
    expect(doubled.out).toContain('NOT IDENTICAL in 1 partitions');
  });

  test('finds what the broker has lost, and has it put back', async () => {
    await database.db.query(`select outbox.create_topic('payments', p_partitions => 1)`);
    for (let round = 0; round < 3; round += 1) await emit(20, 'payments');
    expect(await verified('payments')).toMatchObject({ code: 0, report: { matching: '60' } });
    const broker = kafka.broker(1);
    await broker.kill();
    const { recordsLost } = await broker.loseUnflushed('payments', 0, { keepRecords: 30 });
    expect(recordsLost).toBeGreaterThan(0);
    await broker.start();
    const repaired = await cli('verify', 'main', 'payments', '--repair');
    expect(repaired).toMatchObject({ code: 0, out: expect.stringContaining('60 of 60 records match') });
    expect(await verified('payments')).toMatchObject({ code: 0, report: { identical: true, matching: '60' } });
  });

  test('what is asked for and cannot be is refused before anything is read', async () => {
    expect(await cli('verify', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('CLUSTER_UNKNOWN') });
    expect(await cli('verify', 'main', 'none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('TOPIC_UNKNOWN'),
    });
    expect(await cli('verify', 'main', '--partition', '1')).toMatchObject({ code: 2 });
    expect(await cli('clusters', 'remove', 'main', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('CLUSTER_IN_USE'),
    });
    expect((await cli('clusters', 'resync', 'main', 'orders')).out).toContain('asked for 3 partitions');
  });
});
