import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import {
  type Adoption,
  applyAdoption,
  emitExisting,
  findAdoption,
  planAdoption,
  undoAdoption,
} from '#libs/stores/outbox';
import { messagesOf } from './adoption-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 12 });
});
afterAll(() => database.drop());

/** A table with rows 1 to `rows`, `at` in the opposite order, adopted together with them, on a topic of its name. */
async function adoptedTable(name: string, rows: number): Promise<Adoption> {
  await database.db.query(`create table ${name} (id int primary key, at int not null, key text, payload text);
    insert into ${name} select n, -n, 'k' || n % 10, n from generate_series(1, ${rows}) n; select outbox.create_topic('${name}')`);
  return adoptTable(name);
}
const adoptTable = async (name: string): Promise<Adoption> =>
  applyAdoption(
    database.db,
    await planAdoption(database.db, {
      table: name,
      mapping: { topic: { constant: name }, key: 'key', payload: 'payload' },
      existing: { orderBy: 'at' },
    }),
  );
const payloads = async (topic: string): Promise<number[]> =>
  (await messagesOf(database, topic)).map((message) => Number(message.payload));
const backlog = async (adoption: Adoption): Promise<number> =>
  (
    await database.db.query<{ n: number }>(
      'select count(*)::integer as n from outbox.adoption_backlog where adoption_id = $1',
      [adoption.id],
    )
  ).rows[0]?.n ?? -1;
const descending = (from: number, to = 1): number[] => Array.from({ length: from - to + 1 }, (_, n) => from - n);

describe('emitExisting', () => {
  test('emits each row once, in the order of the column, and is done when called again', async () => {
    const adoption = await adoptedTable('ordered', 450);
    expect(adoption.existing).toEqual({ total: 450n, done: 0n, emitted: 0n });
    const steps: bigint[] = [];
    const progress = await emitExisting(database.db, adoption.id, { onProgress: ({ done }) => steps.push(done) });
    expect(progress).toEqual({ total: 450n, done: 450n, emitted: 450n });
    expect(steps).toEqual([200n, 400n, 450n]);
    expect(await payloads('ordered')).toEqual(descending(450));
    expect(await backlog(adoption)).toBe(0);
    await emitExisting(database.db, adoption.id);
    expect(await payloads('ordered')).toHaveLength(450);
    expect((await findAdoption(database.db, 'ordered'))?.existing).toEqual({ total: 450n, done: 450n, emitted: 450n });
  });

  test('stops at a signal, fails at a refused row, and goes on from there each time', async () => {
    const adoption = await adoptedTable('interrupted', 500);
    const stop = new AbortController();
    const stopped = await emitExisting(database.db, adoption.id, {
      signal: stop.signal,
      chunkRows: 100,
      onProgress: () => stop.abort(),
    });
    expect(stopped.done).toBe(100n);
    await database.db.query(`update interrupted set payload = repeat('x', 1000001) where id = 250`);
    await expect(emitExisting(database.db, adoption.id, { chunkRows: 100 })).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
    });
    expect(await payloads('interrupted')).toEqual(descending(500, 301));
    await database.db.query(`update interrupted set payload = '250' where id = 250`);
    await Promise.all([
      emitExisting(database.db, adoption.id, { chunkRows: 30 }),
      emitExisting(database.db, adoption.id, { chunkRows: 70 }),
    ]);
    expect(await payloads('interrupted')).toEqual(descending(500));
  });

  test('passes over rows that were deleted since, and sends updated ones as they are', async () => {
    const adoption = await adoptedTable('changed', 5);
    await database.db.query(`delete from changed where id in (2, 4); update changed set payload = '300' where id = 3`);
    expect(await emitExisting(database.db, adoption.id)).toEqual({ total: 5n, done: 5n, emitted: 3n });
    expect(await payloads('changed')).toEqual([5, 300, 1]);
  });

  test('rows inserted around the adoption are emitted by the trigger or the backlog, never by both or none', async () => {
    await database.db.query(
      `create table racing (id int primary key, at int not null, key text, payload text); select outbox.create_topic('racing', 3, 'insert')`,
    );
    const run = { stopped: false, next: 0 };
    const writer = async (): Promise<void> => {
      while (!run.stopped) {
        await database.db.transaction(async (tx) => {
          const id = (run.next += 1);
          await tx.query('insert into racing values ($1::integer, -$1::integer, null, $1::text)', [id]);
          // Some transactions stay open for a while after the insert: the adoption has to wait for them.
          if (id % 5 === 0) await tx.query('select pg_sleep(0.01)');
        });
      }
    };
    const inserted = (rows: number): Promise<void> => eventually(() => expect(run.next).toBeGreaterThanOrEqual(rows));
    const writers = Promise.all([writer(), writer(), writer(), writer()]);
    await inserted(200);
    const adoption = await adoptTable('racing');
    const reached = run.next + 200;
    await emitExisting(database.db, adoption.id);
    await inserted(reached);
    run.stopped = true;
    await writers;
    const next = run.next;
    expect((await payloads('racing')).sort((a, b) => a - b)).toEqual(descending(next).reverse());
    expect(adoption.existing?.total).toBeGreaterThanOrEqual(190n);
    expect(BigInt(next)).toBeGreaterThan(adoption.existing?.total ?? 0n);
  });

  test('gives way in a deadlock, so that the application never pays for it', async () => {
    const adoption = await adoptedTable('yielding', 200);
    const waiting = (transactions: number): Promise<void> =>
      eventually(async () => {
        const { rows } = await database.db.query(`select from pg_locks where locktype = 'advisory' and not granted`);
        expect(rows).toHaveLength(transactions);
      });
    const emit = (tx: pg.PoolClient, key: string): Promise<unknown> =>
      tx.query(`select outbox.emit('yielding', $1, '0')`, [key]);
    let emitting: Promise<unknown> = Promise.resolve();
    await database.db.transaction(async (business) => {
      await emit(business, 'k5');
      const { emitted } = await database.db.transaction(async (other) => {
        await emit(other, 'k9');
        // The first chunk takes k0 and waits for k9, then the business transaction waits for k0, and so for the chunk.
        emitting = emitExisting(database.db, adoption.id);
        await waiting(1);
        const emitted = emit(business, 'k0');
        await waiting(2);
        // With the commit the chunk goes on to k5: a deadlock, and the business transaction has waited longer for its end.
        return { emitted };
      });
      await emitted;
    });
    await emitting;
    expect((await payloads('yielding')).filter((payload) => payload > 0)).toEqual(descending(200));
  });

  test('keys of any type find their row again, whatever the settings of the session', async () => {
    await database.db.query(`create type mood as enum ('so "so"'); create domain pos as numeric(20, 5);
      create table odd (a timestamptz, b bytea, c pos, d char(5), e mood, f date, g float8, h uuid, payload text, primary key (a, b, c, d, e, f, g, h));
      insert into odd values ('2024-03-31 01:30:00.123456+02', '\\x00ff27', 12345678901234.00001, 'ab', 'so "so"', '2024-02-01', 0.1, 'd2b6a1f0-0000-7000-8000-000000000001', 'odd');
      select outbox.create_topic('odd')`);
    const plan = await planAdoption(database.db, {
      table: 'odd',
      mapping: { topic: { constant: 'odd' }, payload: 'payload' },
      existing: { orderBy: 'f' },
    });
    const adoption = await applyAdoption(database.db, plan);
    const name = (await database.db.query<{ name: string }>('select current_database() as name')).rows[0]?.name;
    await database.db.query(
      `alter database ${name} set datestyle = 'SQL, DMY'; alter database ${name} set timezone = 'Asia/Kolkata'; alter database ${name} set bytea_output = 'escape'`,
    );
    const fresh = database.pool(1);
    expect(await emitExisting(fresh, adoption.id)).toEqual({ total: 1n, done: 1n, emitted: 1n });
  });

  test('undo in the middle leaves nothing behind, and there is nothing to emit without a backlog', async () => {
    const adoption = await adoptedTable('halfway', 300);
    const stop = new AbortController();
    await emitExisting(database.db, adoption.id, { signal: stop.signal, onProgress: () => stop.abort() });
    await undoAdoption(database.db, 'halfway');
    expect(await backlog(adoption)).toBe(0);
    await expect(emitExisting(database.db, adoption.id)).rejects.toMatchObject({ code: 'ADOPTION_INVALID' });
    const plan = await planAdoption(database.db, {
      table: 'halfway',
      mapping: { topic: { constant: 'halfway' }, payload: 'payload' },
    });
    const { id } = await applyAdoption(database.db, plan);
    await expect(emitExisting(database.db, id)).rejects.toMatchObject({ code: 'ADOPTION_INVALID' });
    expect(await payloads('halfway')).toHaveLength(200);
  });
});
