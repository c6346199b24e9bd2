import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource, type EntityManager } from 'typeorm';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { TestDatabase } from '#libs/foundation/testing';
import type { Transactions } from '#libs/movers/consumer';
import { PostgresTopicReader } from '#libs/stores/topic';
import { consumerDatabase } from '../src/consumer/database/consumer-database.ts';
import { OutboxForwarder } from '../src/consumer/outbox-forwarder.ts';
import { PostgresTopics } from '../src/consumer/transport/postgres-topics.ts';
import { withTransaction } from '../src/transaction/current-transaction.ts';
import { emitInScope } from './emit-in-scope.ts';
import { counts, outboxDatabase, storedMessages } from './outbox-database.ts';

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await outboxDatabase();
  source = await new DataSource({ type: 'postgres', url: database.url, extra: { max: 3 } }).initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const settings = { poolMax: 3, onError: () => undefined };
const kinds = ['pg', 'TypeORM'] as const;
const transactionsOf = (kind: (typeof kinds)[number]): Transactions<{ query: EntityManager['query'] }> =>
  consumerDatabase(kind === 'pg' ? database.db.pool : source, settings).transactions;

const backend = async (tx: Queryable): Promise<number> =>
  (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
test.each(kinds)('%s: work commits as a whole or not at all, and what it throws comes out', async (kind) => {
  const transactions = transactionsOf(kind);
  const insert = async (id: string): Promise<string> =>
    transactions.run(async (tx) => {
      await tx.query('insert into business values ($1)', [id]);
      if (id.endsWith('bad')) throw new RangeError(id);
      return id;
    });
  expect(await insert(`${kind} good`)).toBe(`${kind} good`);
  await expect(insert(`${kind} bad`)).rejects.toThrow(new RangeError(`${kind} bad`));
  const { rows } = await database.db.query('select id from business where id like $1', [`${kind}%`]);
  expect(rows).toEqual([{ id: `${kind} good` }]);
});

test.each(kinds)('%s: a failed statement that the handler swallowed does not count as handled', async (kind) => {
  const transactions = transactionsOf(kind);
  const swallowed = transactions.run(async (tx) => {
    await tx.query('select 1 / 0').catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow(/aborted|had failed/);
  const ended = transactions.run(async (tx) => {
    await tx.query('commit');
  });
  await expect(ended).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
});

test.each(kinds)('%s: a connection that breaks under a handler is trouble of the database', async (kind) => {
  const transactions = transactionsOf(kind);
  let thrown: unknown;
  const broken = transactions.run(async (tx) => {
    const pid = await backend(await transactions.queryable(tx));
    await database.db.query('select pg_terminate_backend($1)', [pid]);
    await tx.query('select 1').catch((error: unknown) => {
      // What a handler makes of it has lost every sign of where it came from.
      thrown = new Error(`wrapped: ${String(error)}`);
      throw thrown;
    });
  });
  const error: unknown = await broken.catch((failure: unknown) => failure);
  expect(error).toBe(thrown);
  expect(transactions.isTransient(thrown, 'handler')).toBe(true);
  expect(await transactions.run(async (tx) => backend(await transactions.queryable(tx)))).toBeGreaterThan(0);
});

test.each(kinds)('%s: errors of Postgres are told from those of a message', async (kind) => {
  const transactions = transactionsOf(kind);
  const failure = (sql: string): Promise<unknown> =>
    transactions
      .run(async (tx) => tx.query(sql))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  const cancelled = await failure(`do $$ begin raise exception 'x' using errcode = '40P01'; end $$`);
  expect(transactions.isTransient(cancelled, 'handler')).toBe(true);
  expect(transactions.isTransient(await failure('select 1 / 0'), 'handler')).toBe(false);
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(transactions.isTransient(refused, 'handler')).toBe(false);
  expect(transactions.isTransient(refused, 'transaction')).toBe(true);
});

test('forward keeps the id, the bytes and headers of Tidemark; ensure makes side topics that take them', async () => {
  const topics = new PostgresTopics(database.db, new PostgresTopicReader(database.db));
  const side = { topic: 'orders.billing.retry', source: 'orders' };
  await topics.ensure([side, { topic: 'orders.billing.dlq', source: 'orders' }, { topic: 'no.x.dlq', source: 'no' }]);
  await topics.ensure([side]);
  expect(await topics.list()).toEqual(['orders', 'orders.billing.dlq', 'orders.billing.retry', 'payments']);
  expect(await topics.ends('orders.billing.retry')).toHaveLength(6);
  expect(await topics.ends('no')).toEqual([]);
  await expect(topics.ensure([{ topic: 'other', source: 'orders' }])).rejects.toMatchObject({ code: 'TOPIC_INVALID' });

  const message = {
    topic: 'orders.billing.retry',
    messageId: '018f0000-0000-7000-8000-000000000001',
    key: Buffer.from('k'),
    value: Buffer.from([0, 255]),
    headers: [
      ['tidemark-dlq-attempts', Buffer.from('3')],
      ['binary', Buffer.from([0, 200])],
      ['none', null],
    ] as const,
    schemaId: null,
  };
  const forwarder = new OutboxForwarder();
  await database.db.transaction((tx) => forwarder.forward(tx, message));
  expect(await storedMessages(database, 'orders.billing.retry')).toMatchObject([
    {
      key: 'k',
      payload: '\\000\\377',
      message_id: message.messageId,
      headers: [
        ['tidemark-dlq-attempts', '3'],
        ['binary', { base64: 'AMg=' }],
        ['none', null],
      ],
    },
  ]);
  const large = { ...message, value: Buffer.alloc(1_100_000) };
  await expect(database.db.transaction((tx) => forwarder.forward(tx, large))).rejects.toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
  });
});

test('a role with the rights of a consumer forwards and makes side topics, also of topics on clusters, and does no more', async () => {
  const role = `tm_consumer_${randomBytes(6).toString('hex')}`;
  const ensure = `select outbox.ensure_side_topic('far.away.dlq', 'far.away', 2) as made`;
  await database.db.query(`create role ${role}; select outbox.grant_consumer('${role}')`);
  try {
    const as = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
      database.db.transaction(async (tx) => {
        await tx.query(`set local role ${role}`);
        return work(tx);
      });
    expect((await as((tx) => tx.query(ensure))).rows).toEqual([{ made: true }]);
    expect((await as((tx) => tx.query(ensure))).rows).toEqual([{ made: false }]);
    await as((tx) => tx.query(`select outbox.forward('far.away.dlq', null, 'x', null, gen_random_uuid())`));
    const topics = new PostgresTopics(database.db, new PostgresTopicReader(database.db));
    expect(await topics.ends('far.away.dlq')).toHaveLength(2);
    await expect(as((tx) => tx.query(`select outbox.create_topic('any')`))).rejects.toThrow(/permission denied/);
  } finally {
    await database.db.query(`drop owned by ${role}; drop role ${role}`);
  }
});

test('withTransaction waits for what was not awaited, and fails with it', async () => {
  const before = await counts(database);
  await source.transaction((manager) =>
    withTransaction(manager, () => {
      emitInScope('orders', { n: 1 });
      emitInScope('orders', { n: 2 });
    }),
  );
  expect((await counts(database)).messages).toBe(before.messages + 2);
  const failing = source.transaction((manager) => withTransaction(manager, () => emitInScope('nowhere', {})));
  await expect(failing).rejects.toBeInstanceOf(TidemarkError);
  expect((await counts(database)).messages).toBe(before.messages + 2);
});
