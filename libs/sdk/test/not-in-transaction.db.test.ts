import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { TestDatabase } from '#libs/foundation/testing';
import { createOutbox, type TransactionHandle } from '../src/index.ts';
import { counts, outboxDatabase } from './outbox-database.ts';

const outbox = createOutbox();
const message = { key: 'k', payload: { n: 1 } };
let database: TestDatabase;
let client: pg.Client;
let source: DataSource;
let before: number;

beforeAll(async () => {
  database = await outboxDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  source = await new DataSource({ type: 'postgres', url: database.url, extra: { max: 3 } }).initialize();
});
afterAll(async () => {
  await client.end();
  await source.destroy();
  await database.drop();
});
beforeEach(async () => {
  before = (await counts(database)).messages;
});

const messages = async (): Promise<number> => (await counts(database)).messages - before;
/** A client of which nothing but query is known, as a foreign library's. */
const foreign = (connection: pg.Client): TransactionHandle => ({
  query: async (sql, values) => (await connection.query(sql, values)).rows,
});

async function refusesBoth(handle: unknown): Promise<void> {
  const tx = handle as TransactionHandle;
  await expect(outbox.emit(tx, 'orders', message)).rejects.toMatchObject({ code: 'NOT_IN_TRANSACTION' });
  await expect(outbox.emitBatch(tx, [{ topic: 'orders', ...message }])).rejects.toMatchObject({
    code: 'NOT_IN_TRANSACTION',
  });
  await expect(
    outbox.emitBatch(
      tx,
      Array.from({ length: 300 }, (_, n) => ({ topic: 'orders', key: `k${n}`, payload: n })),
    ),
  ).rejects.toMatchObject({ code: 'NOT_IN_TRANSACTION' });
  expect(await messages()).toBe(0);
}

describe('outside of a transaction nothing is sent', () => {
  test('with a pg client, before begin and after commit', async () => {
    await refusesBoth(client);
    await client.query('begin');
    await client.query('commit');
    await refusesBoth(client);
  });

  test('with a pg Pool, a DataSource, its manager, a fresh and a released QueryRunner', async () => {
    await refusesBoth(database.db.pool);
    await refusesBoth(database.db);
    await refusesBoth(source);
    await refusesBoth(source.manager);
    const runner = source.createQueryRunner();
    await refusesBoth(runner);
    await refusesBoth(runner.manager);
    await runner.release();
    await refusesBoth(runner);
  });

  test('with a manager kept beyond its transaction', async () => {
    let kept: unknown;
    await source.transaction(async (manager) => {
      kept = manager;
      await outbox.emit(manager, 'orders', message);
    });
    before += 1;
    await refusesBoth(kept);
  });

  test('with a foreign client, and with one that changes connections', async () => {
    await refusesBoth(foreign(client));
    await refusesBoth({ query: async (sql: string, values: unknown[]) => database.db.query(sql, values) });
  });

  test('with what is no client at all', async () => {
    await refusesBoth(undefined);
    await refusesBoth(null);
    await refusesBoth({});
    await refusesBoth('postgres://localhost');
  });

  test('when a ROLLBACK is on its way while emit is called', async () => {
    await client.query('begin');
    const rollback = client.query('rollback');
    await expect(outbox.emit(client, 'orders', message)).rejects.toMatchObject({ code: 'NOT_IN_TRANSACTION' });
    await rollback;
    expect(await messages()).toBe(0);
  });

  test('when a parallel branch rolls back in the middle of a batch', async () => {
    const large = Array.from({ length: 5_000 }, (_, n) => ({ topic: 'orders', key: `same-${n % 5}`, payload: n }));
    await client.query('begin');
    const batch = outbox.emitBatch(client, large);
    const outcome = expect(batch).rejects.toMatchObject({ code: 'NOT_IN_TRANSACTION' });
    // One turn later the first statement of the batch is on its way, and the others are not.
    await new Promise((resolve) => setImmediate(resolve));
    await client.query('rollback');
    await outcome;
    expect(await messages()).toBe(0);
  });
});

describe('inside of a transaction', () => {
  test.each<[string, () => TransactionHandle]>([
    ['a pg client', () => client],
    ['a foreign client that answers rows', () => foreign(client)],
    ['a foreign client that answers { rows }', () => ({ query: (sql, values) => client.query(sql, values) })],
  ])('%s can emit as its very first statement, alone and in batches', async (_what, handle) => {
    await client.query('begin');
    await outbox.emit(handle(), 'orders', message);
    await outbox.emitBatch(handle(), [
      { topic: 'orders', ...message },
      { topic: 'payments', ...message },
    ]);
    await client.query('commit');
    await client.query('begin');
    await outbox.emitBatch(handle(), [{ topic: 'orders', ...message }]);
    await client.query('commit');
    expect(await messages()).toBe(4);
  });

  test('a begin that is still on its way counts, as do statements that are sent at once', async () => {
    const begin = client.query('begin');
    await Promise.all([
      begin,
      outbox.emit(client, 'orders', message),
      client.query('select 1'),
      outbox.emit(client, 'orders', message),
    ]);
    await client.query('commit');
    expect(await messages()).toBe(2);
  });

  test('costs a pg client no further statement', async () => {
    const sent: string[] = [];
    const spy = new Proxy(client, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (name === 'query') return (sql: string, values: unknown[]) => (sent.push(sql), target.query(sql, values));
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await client.query('begin');
    await outbox.emit(spy, 'orders', message);
    await client.query('rollback');
    expect(sent).toHaveLength(1);
  });

  test("TypeORM's manager and QueryRunner commit and roll back with the business change", async () => {
    await source.transaction(async (manager) => {
      await outbox.emit(manager, 'orders', message);
      await manager.query(`insert into business values ('typeorm')`);
      await manager.transaction((nested) => outbox.emitBatch(nested, [{ topic: 'orders', ...message }]));
    });
    expect(await messages()).toBe(2);
    const lost = source.transaction(async (manager) => {
      await outbox.emit(manager, 'orders', message);
      await manager.query(`insert into business values ('typeorm')`);
    });
    await expect(lost).rejects.toThrow(/duplicate key/);
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    await outbox.emit(runner, 'orders', message);
    await outbox.emit(runner.manager, 'orders', message);
    await runner.rollbackTransaction();
    await runner.startTransaction();
    await outbox.emit(runner, 'orders', message);
    await runner.commitTransaction();
    await runner.query('begin');
    await outbox.emit(runner, 'orders', message);
    await runner.query('commit');
    await runner.release();
    expect(await messages()).toBe(4);
  });

  test('an unknown topic is a TidemarkError through TypeORM too', async () => {
    const failing = source.transaction((manager) => outbox.emit(manager, 'nope', message));
    await expect(failing).rejects.toMatchObject({
      code: 'TOPIC_UNKNOWN',
      remedy: expect.stringContaining('create_topic'),
    });
  });
});
