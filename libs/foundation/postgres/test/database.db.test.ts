import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { Database, RETRY_RULES, sqlStateOf } from '../src/index.ts';

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
