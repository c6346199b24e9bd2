import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { createOutbox, type Delivery } from '#libs/sdk';
import { type ConsumerHarness, databaseHarness, freshDatabase } from '../src/index.ts';

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('invoices', 1)`);
  await database.db.query('create table charge (id text primary key)');
  source = await new DataSource({ type: 'postgres', url: database.url, extra: { max: 4 } }).initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());
function held<Tx>(harness: ConsumerHarness<Tx>): ConsumerHarness<Tx> {
  close = () => harness.close();
  return harness;
}

const charges = async (): Promise<unknown[]> =>
  (await database.db.query<{ id: string }>('select id from charge order by id')).rows.map(({ id }) => id);

test('handlers run on Postgres under a clock of the test: retries, parked messages, dead letters', async () => {
  const harness = held(databaseHarness({ database: database.db.pool }));
  const outbox = createOutbox();
  let broken = true;
  const handle = async ({ value, tx, key }: Delivery<PoolClient, string>): Promise<void> => {
    await tx.query('insert into charge values ($1)', [value]);
    await outbox.emit(tx, 'invoices', { key, payload: value });
    if (value === 'never' || (broken && value === 'a1')) throw new Error('refused');
  };
  const options = { attempts: 2, retryTiers: [{ delayMs: 3_600_000 }], afterDeadLetter: 'park' } as const;
  const subscriptions = [{ topics: 'orders.placed', handle, ...options }];
  await harness.createConsumer({ group: 'billing', subscriptions }).start();
  for (const [key, payload] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
    ['c', 'never'],
  ] as const) {
    await harness.emit('orders.placed', { key, payload });
  }
  await harness.settle();
  expect(await charges()).toEqual(['b1']);
  broken = false;
  await harness.advance(3_600_000 + 5_000);
  expect(await charges()).toEqual(['a1', 'a2', 'b1']);
  expect((await harness.records('invoices')).map(({ value }) => value!.toString())).toEqual(['"b1"', '"a1"', '"a2"']);
  expect(await harness.deadLetters()).toMatchObject([{ value: 'never', attempts: 3, errorMessage: 'refused' }]);
});

test.each(['pg', 'TypeORM'])('%s: what a handler does after its time never takes effect', async (kind) => {
  const harness = held<unknown>(databaseHarness({ database: kind === 'pg' ? database.db.pool : source }) as never);
  const topic = `late.${kind}`;
  let started = (): void => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let late: (write: Promise<unknown>) => void = () => undefined;
  const written = new Promise<unknown>((resolve) => (late = resolve));
  const handle = async ({ tx }: Delivery<EntityManager>): Promise<void> => {
    started();
    await gate;
    const insert = tx.query(`insert into charge values ('${topic}')`);
    late(
      insert.then(
        () => 'written',
        () => 'refused',
      ),
    );
    await insert;
  };
  const subscriptions = [{ topics: topic, timeoutMs: 30_000, attempts: 1, handle }];
  await harness.createConsumer({ group: 'billing', subscriptions }).start();
  await harness.emit(topic, { payload: 1 });
  await running;
  await harness.advance(60_000);
  expect(await harness.deadLetters()).toContainEqual(expect.objectContaining({ sourceTopic: topic, attempts: 1 }));
  goOn();
  expect(await written).toBe('refused');
  expect(await charges()).not.toContain(topic);
});

test('a fresh database has what consumers need, and is gone afterwards', async () => {
  const server = process.env['TIDEMARK_TEST_DATABASE_URL']!;
  const fresh = await freshDatabase({ server });
  const harness = held<PoolClient>(databaseHarness({ database: fresh.url }));
  const seen: unknown[] = [];
  const handle = ({ value }: Delivery<PoolClient>): void => void seen.push(value);
  await harness.createConsumer({ group: 'g', subscriptions: [{ topics: 'events', handle }] }).start();
  await harness.emit('events', { payload: { n: 1 } });
  await harness.settle();
  expect(seen).toEqual([{ n: 1 }]);
  await harness.close();
  await fresh.drop();
  const name = new URL(fresh.url).pathname.slice(1);
  expect((await database.db.query('select from pg_database where datname = $1', [name])).rowCount).toBe(0);
});
