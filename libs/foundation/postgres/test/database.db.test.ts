import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { cancelAfter, Database, RETRY_RULES, sqlStateOf } from '../src/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await database.db.query('create table note (name text primary key)');
});
afterAll(() => database.drop());

const count = async (): Promise<number> => (await database.db.query('select * from note')).rows.length;

describe('a transaction', () => {
  test('commits what the work did, and returns its result', async () => {
    const result = await database.db.transaction(async (tx) => {
      await tx.query(`insert into note values ('committed')`);
      return 7;
    });
    expect(result).toBe(7);
    expect(await count()).toBe(1);
  });

  test('undoes everything when the work throws', async () => {
    const work = database.db.transaction(async (tx) => {
      await tx.query(`insert into note values ('undone')`);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await count()).toBe(1);
  });

  test('is not reported as committed when the work swallowed an error', async () => {
    const work = database.db.transaction(async (tx) => {
      await tx.query(`insert into note values ('swallowed')`);
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    expect(await count()).toBe(1);
  });

  test('gives a broken connection up, so that the next one is good', async () => {
    const one = new Database({ url: database.url, poolMax: 1 });
    const cut = one.transaction(async (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(cut).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    expect((await one.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await one.close();
  });
});

test('a failure that callers can act on has a code, and keeps its SQLSTATE', async () => {
  const slow = new Database({ url: database.url, poolMax: 1, statementTimeoutMs: 20 });
  const error = await slow.query('select pg_sleep(5)').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'DATABASE_BUSY', retryable: true });
  expect(sqlStateOf(error)).toBe('57014');
  expect(RETRY_RULES['57014']?.retry).toBe('statement');
  await slow.close();
  await expect(database.db.query('select * from nothing_here')).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
});

describe('closing', () => {
  const NAME = 'tidemark closing';
  const open = (): Database => new Database({ url: database.url, poolMax: 3, applicationName: NAME });

  /** Statements that wait for a lock of the test's own until `release`. */
  async function heldBy(db: Database, count: number) {
    const holder = await database.db.connect();
    await holder.query('begin');
    await holder.query('lock table note in access exclusive mode');
    const work = Array.from({ length: count }, () =>
      db.transaction((tx) => tx.query(`insert into note values ('held')`)).catch((error: unknown) => error),
    );
    await eventually(async () => expect((await sessions()).filter(({ held }) => held)).toHaveLength(count));
    const release = async (): Promise<void> => {
      await holder.query('rollback');
      holder.release();
    };
    return { work: Promise.all(work), release };
  }

  const sessions = async (): Promise<{ held: boolean }[]> => {
    const { rows } = await database.db.query<{ held: boolean }>(
      `select wait_event_type is not distinct from 'Lock' as held from pg_stat_activity
       where datname = current_database() and application_name = $1`,
      [NAME],
    );
    return rows;
  };

  test('cancels what waits for a lock of somebody else, and leaves no session behind', async () => {
    const db = open();
    const { work, release } = await heldBy(db, 2);
    try {
      const began = performance.now();
      await db.close(50);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(await work).toEqual([
        expect.objectContaining({ code: 'DATABASE_BUSY' }),
        expect.objectContaining({ code: 'DATABASE_BUSY' }),
      ]);
      await eventually(async () => expect(await sessions()).toEqual([]));
    } finally {
      await release();
    }
    expect(await count()).toBe(1);
  });

  test('cuts connections that do not come back', async () => {
    const db = open();
    const client = await db.connect();
    await client.query('begin');
    await db.close(0);
    await expect(client.query('select 1')).rejects.toThrow();
    await eventually(async () => expect(await sessions()).toEqual([]));
    client.release();
  });

  test('waits for work that ends in time', async () => {
    const db = open();
    const { work, release } = await heldBy(db, 1);
    const closing = db.close(20_000);
    await release();
    await closing;
    expect(await work).toEqual([expect.objectContaining({ rowCount: 1 })]);
    expect(await count()).toBe(2);
    await database.db.query(`delete from note where name = 'held'`);
  });

  test('work is ended by cancelling its statements, however many they are', async () => {
    const db = open();
    const { work, release } = await heldBy(db, 1);
    let tries = 0;
    const again = async (): Promise<string> => {
      for (; tries < 3; tries++) await db.query('select * from note').catch(() => undefined);
      return 'ended';
    };
    try {
      expect(await cancelAfter([db], 20, again())).toBe('ended');
      expect(tries).toBe(3);
      expect(await work).toEqual([expect.objectContaining({ code: 'DATABASE_BUSY' })]);
    } finally {
      await release();
    }
    await db.close();
  });
});
