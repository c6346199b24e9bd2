import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { eventually } from '#libs/foundation/testing';
import { startLog, type TestLog } from '../../../stores/topic/test/test-log.ts';
import { type Delivery, FatalError, type Subscription, type SubscriptionOptions } from '../src/index.ts';
import { PostgresConsumer } from './postgres-consumer.ts';
import { textOf } from './records.ts';

type Handle = (delivery: Delivery<pg.PoolClient>) => unknown;

let log: TestLog;
let running: PostgresConsumer[] = [];

beforeAll(async () => {
  log = await startLog();
  await log.db.query('create table effect (id bigint generated always as identity, topic text, key text, n integer)');
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});

afterAll(() => log.stop());

async function start(name: string, handle: Handle, options: SubscriptionOptions): Promise<PostgresConsumer> {
  const subscription: Subscription<pg.PoolClient> = {
    name: `${name} handler`,
    group: name,
    topics: [name],
    handler: { kind: 'each', handle },
    options,
  };
  const consumer = new PostgresConsumer(log.db, [subscription]);
  running.push(consumer);
  await consumer.start();
  return consumer;
}

async function emit(topic: string, key: string, from: number, to: number): Promise<void> {
  await log.db.query('select outbox.emit($1, $2, to_jsonb(n)) from generate_series($3::integer, $4) n', [
    topic,
    key,
    from,
    to,
  ]);
}

async function insert({ tx, topic, key, value }: Delivery<pg.PoolClient>): Promise<void> {
  await tx.query('insert into effect (topic, key, n) values ($1, $2, $3)', [topic, key?.toString(), value]);
}

async function effects(topic: string): Promise<Record<string, number[]>> {
  const { rows } = await log.db.query<{ key: string; ns: number[] }>(
    'select key, array_agg(n order by id) as ns from effect where topic = $1 group by key order by key',
    [topic],
  );
  return Object.fromEntries(rows.map(({ key, ns }) => [key, ns]));
}

/** The messages that have been sequenced to a topic, in order. */
async function messages(
  topic: string,
): Promise<{ id: string; value: unknown; headers: Record<string, string | null> }[]> {
  const { rows } = await log.db.query<{
    message_id: string;
    payload: Buffer;
    headers: [string, { base64: string }][] | null;
  }>(
    'select message_id, payload, headers from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = $1 order by m.id',
    [topic],
  );
  return rows.map(({ message_id: id, payload, headers }) => {
    const pairs = (headers ?? []).map(([name, { base64 }]) => [name, Buffer.from(base64, 'base64')] as const);
    return { id, value: JSON.parse(String(payload)) as unknown, headers: textOf(pairs) };
  });
}

test('consume, change, produce: all of it once, over a restart and a retry topic, in order per key', async () => {
  await log.db.query(`select outbox.create_topic('orders', 2), outbox.create_topic('invoices')`);
  for (const key of ['a', 'b', 'c']) await emit('orders', key, 1, 10);
  let tries = 0;
  const handle: Handle = async (delivery) => {
    await insert(delivery);
    await delivery.tx.query('select outbox.emit($1, $2, to_jsonb($3::integer))', [
      'invoices',
      delivery.key?.toString(),
      delivery.value,
    ]);
    if (delivery.value === 4 && delivery.key?.toString() === 'b' && (tries += 1) < 3) throw new Error('not now');
  };
  const options: SubscriptionOptions = {
    concurrency: 4,
    attempts: 1,
    retryTiers: [{ delayMs: 100 }, { delayMs: 100 }],
    afterDeadLetter: 'park',
  };
  const first = await start('orders', handle, options);
  await eventually(async () => expect((await effects('orders'))['a']?.length).toBeGreaterThan(2));
  await first.stop();
  running = [];
  await start('orders', handle, options);
  const inOrder = Array.from({ length: 10 }, (_, index) => index + 1);
  await eventually(async () => expect(await effects('orders')).toEqual({ a: inOrder, b: inOrder, c: inOrder }));
  expect((await messages('invoices')).length).toBe(30);
  expect(tries).toBe(3);
  const [again] = await messages('orders.orders.retry');
  const { rows } = await log.db.query<{ message_id: string }>(
    `select m.message_id from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'orders' and key = 'b' and payload = '4'`,
  );
  expect(again!.id).toBe(rows[0]!.message_id);
  const states = await log.db.query('select state, attempts from inbox.failure where group_name = $1', ['orders']);
  expect(states.rows).toEqual([{ state: 'resolved', attempts: 2 }]);
});

test('a poison message goes to the dlq with its failure row, once, and others go on', async () => {
  await log.db.query(`select outbox.create_topic('payments')`);
  await emit('payments', 'a', 1, 3);
  const handle: Handle = async (delivery) => {
    await insert(delivery);
    if (delivery.value === 2) throw new FatalError('no such account');
  };
  await start('payments', handle, {});
  await eventually(async () => expect(await effects('payments')).toEqual({ a: [1, 3] }));
  const dead = await messages('payments.payments.dlq');
  expect(dead.map(({ value }) => value)).toEqual([2]);
  expect(dead[0]!.headers).toMatchObject({
    'tidemark-dlq-source-topic': 'payments',
    'tidemark-dlq-source-offset': '1',
    'tidemark-dlq-error-class': 'FatalError',
    'tidemark-dlq-error-message': 'no such account',
    'tidemark-dlq-app-version': '1.2.3',
  });
  const { rows } = await log.db.query('select state, sent_to, error_class from inbox.failure where group_name = $1', [
    'payments',
  ]);
  expect(rows).toEqual([{ state: 'dead', sent_to: 'payments.payments.dlq', error_class: 'FatalError' }]);
});

test('connections that are cut mid-way make no dead letters and no second effects', async () => {
  await log.db.query(`select outbox.create_topic('stock', 2)`);
  for (const key of ['a', 'b', 'c', 'd']) await emit('stock', key, 1, 8);
  let cuts = 3;
  const handle: Handle = async (delivery) => {
    await insert(delivery);
    if (delivery.value !== 5 || (cuts -= 1) < 0) return;
    await log.db.query('select pg_terminate_backend(pid) from pg_stat_activity where pid = $1', [
      (delivery.tx as unknown as { processID: number }).processID,
    ]);
    await delivery.tx.query('select 1');
  };
  await start('stock', handle, { concurrency: 3, attempts: 1 });
  const inOrder = Array.from({ length: 8 }, (_, index) => index + 1);
  await eventually(async () =>
    expect(await effects('stock')).toEqual({ a: inOrder, b: inOrder, c: inOrder, d: inOrder }),
  );
  expect(cuts).toBeLessThan(0);
  expect(await messages('stock.stock.dlq')).toEqual([]);
});

test('two members share the partitions, and the one that stays takes over', async () => {
  await log.db.query(`select outbox.create_topic('shipments', 4)`);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await emit('shipments', key, 1, 5);
  const first = await start('shipments', insert, { concurrency: 2 });
  await start('shipments', insert, { concurrency: 2 });
  await eventually(() => {
    const shares = running.map(({ consumer }) => consumer.status().subscriptions[0]!.partitions.length);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await emit('shipments', key, 6, 10);
  await first.stop();
  running.shift();
  const inOrder = Array.from({ length: 10 }, (_, index) => index + 1);
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, inOrder]);
  await eventually(async () => expect(await effects('shipments')).toEqual(Object.fromEntries(keys)));
  await eventually(() => expect(running[0]!.consumer.status()).toMatchObject({ ready: true, troubles: [] }));
});
