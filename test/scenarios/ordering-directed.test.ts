import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { sqlStateOf } from '#libs/foundation/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { createBusiness, TOPIC, writeAggregate } from '../model/torture/business.ts';
import {
  fencedHorizon,
  lastValueHorizon,
  type Poll,
  type Seen,
  xminWindow,
} from '../model/torture/horizon-strategies.ts';

/** Schedules that go wrong in known ways, step by step: what the torture finds by chance, these find every time. */
const database: TestDatabase = await createTestDatabase({ poolMax: 12 });
const prepared = await database.db.query<{ n: number }>(
  `select current_setting('max_prepared_transactions')::integer as n`,
);
const twoPhaseTest = prepared.rows[0]!.n > 0 ? test : test.skip;

beforeAll(() => createBusiness(database.db));
afterAll(() => database.drop());

const opened: PoolClient[] = [];
afterEach(async () => {
  for (const client of opened.splice(0)) {
    await client.query('rollback');
    client.release();
  }
});

async function begin(isolation = 'read committed'): Promise<PoolClient> {
  const client = await database.db.connect();
  opened.push(client);
  await client.query(`begin isolation level ${isolation}`);
  return client;
}

let names = 0;
async function newAggregate(): Promise<string> {
  const name = `aggregate-${names++}`;
  await database.db.query('insert into public.aggregate values ($1, 0)', [name]);
  return name;
}

const emit = (tx: PoolClient, key: string) => tx.query(`select outbox.emit('${TOPIC}', $1, '{"xid": 0}')`, [key]);
const pidOf = async (tx: PoolClient) =>
  (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
const positionsDrawn = async () =>
  BigInt((await database.db.query<{ n: string }>(`select pg_sequence_last_value('outbox.position') as n`)).rows[0]!.n);
const horizon = async () => BigInt((await database.db.query<{ n: string }>('select outbox.horizon() as n')).rows[0]!.n);
const holders = async () =>
  (
    await database.db.query<{ pid: number | null; prepared_gid: string | null }>(
      'select pid, prepared_gid from outbox.horizon_holders()',
    )
  ).rows;

async function untilBlocked(pid: number): Promise<void> {
  await eventually(async () => {
    const blocked = await database.db.query<{ n: number }>('select cardinality(pg_blocking_pids($1)) as n', [pid]);
    expect(blocked.rows[0]!.n).toBeGreaterThan(0);
  });
}

async function orderOf(key: string): Promise<bigint[]> {
  const poll = fencedHorizon();
  const all = await poll(database.db);
  return all.filter((message) => message.key === key).map((message) => message.version ?? 0n);
}

/** A reader that has read everything so far and reports what it sees of one key. */
async function caughtUp(poll: Poll, key: string): Promise<() => Promise<bigint[]>> {
  await poll(database.db);
  const seen: Seen[] = [];
  return async () => {
    seen.push(...(await poll(database.db)));
    return seen.filter((message) => message.key === key).map((message) => message.version!);
  };
}

describe('known wrong designs', () => {
  test('the last value skips a message that commits late; the fence waits for it', async () => {
    const [early, late] = [await newAggregate(), await newAggregate()];
    const design = fencedHorizon();
    const wrong = lastValueHorizon();
    const [designLate, wrongLate] = [await caughtUp(design, late), await caughtUp(wrong, late)];
    const open = await begin();
    await writeAggregate(open, late, 'update-then-emit');
    await database.db.transaction((tx) => writeAggregate(tx, early, 'update-then-emit'));
    expect([await designLate(), await wrongLate()]).toEqual([[], []]);
    await open.query('commit');
    expect(await designLate()).toEqual([1n]);
    expect(await wrongLate()).toEqual([]);
  });

  test('the xmin window reads 2 before 1 of a key when xids are older than their causes; the fence reads 1, 2', async () => {
    const key = await newAggregate();
    const [design, wrong] = [await caughtUp(fencedHorizon(), key), await caughtUp(xminWindow(), key)];
    const first = await begin();
    await first.query('insert into public.unrelated default values'); // a low xid, early
    const between = await begin();
    await between.query('insert into public.unrelated default values'); // unrelated, stays open
    await database.db.transaction((tx) => writeAggregate(tx, key, 'update-then-emit'));
    await writeAggregate(first, key, 'update-then-emit');
    await first.query('commit');
    expect(await design()).toEqual([1n, 2n]);
    // Waited for, because transactions of other databases hold back this window too.
    await eventually(async () => expect(await wrong()).toEqual([2n]), 40_000);
    await between.query('commit');
    await eventually(async () => expect(await wrong()).toEqual([2n, 1n]), 40_000);
    expect(await design()).toEqual([1n, 2n]);
  }, 120_000);
});

describe('keys', () => {
  test('a key lock makes two transactions with one key take turns, also when the message comes before the row', async () => {
    const key = await newAggregate();
    const first = await begin();
    const second = await begin();
    await writeAggregate(first, key, 'emit-then-update');
    const pid = await pidOf(second);
    const blocked = writeAggregate(second, key, 'emit-then-update');
    await untilBlocked(pid);
    await first.query('commit');
    await blocked;
    await second.query('commit');
    expect(await orderOf(key)).toEqual([1n, 2n]);
  });

  test('one that waits for a key with its first message does not hold the horizon', async () => {
    const key = await newAggregate();
    const first = await begin();
    await writeAggregate(first, key, 'update-then-emit');
    const second = await begin();
    const pid = await pidOf(second);
    const blocked = emit(second, key);
    await untilBlocked(pid);
    expect(await holders()).toEqual([{ pid: await pidOf(first), prepared_gid: null }]);
    await first.query('commit');
    await blocked;
    expect(await holders()).toEqual([{ pid, prepared_gid: null }]);
  });

  test('crossed keys are a deadlock that Postgres ends, not a misorder', async () => {
    const [a, b] = [await newAggregate(), await newAggregate()];
    const first = await begin();
    const second = await begin();
    await writeAggregate(first, a, 'emit-then-update');
    await writeAggregate(second, b, 'emit-then-update');
    const outcomes = await Promise.allSettled([
      writeAggregate(first, b, 'emit-then-update').then(() => first.query('commit')),
      writeAggregate(second, a, 'emit-then-update').then(() => second.query('commit')),
    ]);
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [sqlStateOf(outcome.reason)] : []));
    expect(failures).toEqual(['40P01']);
    expect([await orderOf(a), await orderOf(b)]).toEqual([[1n], [1n]]);
  });

  test.each(['lock_topic', 'escalation'])('%s and single keys wait for each other', async (how) => {
    const key = await newAggregate();
    const fine = await begin();
    await writeAggregate(fine, key, 'emit-then-update');
    const bulk = await begin();
    const pid = await pidOf(bulk);
    const takesTopic =
      how === 'lock_topic'
        ? bulk.query(`select outbox.lock_topic('${TOPIC}')`)
        : bulk.query(`select outbox.emit('${TOPIC}', 'bulk-' || n, '{"xid": 0}') from generate_series(1, 300) n`);
    await untilBlocked(pid);
    await fine.query('commit');
    await takesTopic;
    await writeAggregate(bulk, key, 'emit-then-update');

    const next = await begin();
    const nextPid = await pidOf(next);
    const waits = writeAggregate(next, key, 'emit-then-update');
    await untilBlocked(nextPid);
    await bulk.query('commit');
    await waits;
    await next.query('commit');
    expect(await orderOf(key)).toEqual([1n, 2n, 3n]);
  });
});

describe('the horizon', () => {
  test.each(['read committed', 'serializable'])(
    'is not held by a long %s transaction that has written no message',
    async (isolation) => {
      const long = await begin(isolation);
      await long.query('insert into public.unrelated default values');
      await long.query('select count(*) from outbox.message');
      await database.db.transaction((tx) => emit(tx, 'unheld'));
      expect(await horizon()).toBe(await positionsDrawn());
      expect(await holders()).toEqual([]);
    },
  );

  test('names the session that holds it, by pid, state and query', async () => {
    const open = await begin();
    await emit(open, 'held');
    const held = await database.db.query('select pid, state, query from outbox.horizon_holders()');
    expect(held.rows).toEqual([
      { pid: await pidOf(open), state: 'idle in transaction', query: expect.stringContaining('outbox.emit') },
    ]);
    expect(await horizon()).toBeLessThan(await positionsDrawn());
  });

  twoPhaseTest('is held by a prepared transaction, named by its gid, until it ends (two-phase commit)', async () => {
    const gid = `directed-${process.pid}-${Date.now()}`;
    const client = await begin();
    const key = await newAggregate();
    await writeAggregate(client, key, 'update-then-emit');
    await client.query(`prepare transaction '${gid}'`);
    try {
      expect(await holders()).toEqual([{ pid: null, prepared_gid: gid }]);
      expect(await orderOf(key)).toEqual([]);
    } finally {
      await database.db.query(`commit prepared '${gid}'`);
    }
    expect(await holders()).toEqual([]);
    expect(await orderOf(key)).toEqual([1n]);
  });

  test('is held by a transaction that reuses a session with the note of another one', async () => {
    const client = await begin();
    await emit(client, 'left-behind');
    await client.query(`select set_config('tidemark.tx', current_setting('tidemark.tx'), false)`);
    await client.query('commit');
    await client.query('begin');
    await emit(client, 'left-behind');
    expect(await holders()).toEqual([{ pid: await pidOf(client), prepared_gid: null }]);
    await client.query('rollback');
    await client.query('reset tidemark.tx');
  });

  test('stays held at its first fence when the session is reset in the middle of the transaction', async () => {
    const client = await begin();
    const before = await horizon();
    await emit(client, 'reset');
    await database.db.transaction((tx) => emit(tx, 'other'));
    await client.query('reset all');
    await emit(client, 'reset');
    expect(await horizon()).toBe(before);
  });

  test('is refused inside of a transaction with an older snapshot', async () => {
    const reader = await begin('repeatable read');
    await expect(reader.query('select outbox.horizon()')).rejects.toThrow(/repeatable read/);
  });
});
