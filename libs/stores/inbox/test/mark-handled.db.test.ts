import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { PostgresInbox } from '../src/index.ts';
import { age, partitionsAt } from './moved-partitions.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const inbox = new PostgresInbox();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await partitionsAt(database.db, -HOUR, 24 * HOUR);
});

/** Those of the ids that are fresh, in a transaction of its own that commits. */
const mark = (ids: readonly string[], group = 'billing', isolation?: string): Promise<string[]> =>
  database.db.transaction(async (tx) => [...(await inbox.markHandled(tx, group, ids))], isolation);

/** Rows of a message over all partitions. */
async function copies(id: string): Promise<number> {
  const found = await database.db.query('select from inbox.handled where message_id = $1', [id]);
  return found.rows.length;
}

/** Resolves when a statement waits for a lock that another transaction holds. */
const somebodyWaits = (): Promise<void> =>
  eventually(async () => {
    const waiting = await database.db.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(waiting.rows).toHaveLength(1);
  });

describe('a message', () => {
  test('is fresh once per group, also when it is given twice', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    expect(await mark([a, a])).toEqual([a]);
    expect(await mark([b, a])).toEqual([b]);
    expect(await mark([a, b])).toEqual([]);
    expect(await mark([a, b], 'shipping')).toEqual([a, b].sort());
    expect(await mark([])).toEqual([]);
  });

  test('whose transaction rolls back is not handled', async () => {
    const id = randomUUID();
    const failed = new Error('the handler failed');
    await expect(
      database.db.transaction(async (tx) => {
        expect(await inbox.markHandled(tx, 'billing', [id])).toEqual(new Set([id]));
        throw failed;
      }),
    ).rejects.toBe(failed);
    expect(await mark([id])).toEqual([id]);
  });

  test.each([
    ['is in one partition far from its ends', -HOUR, HOUR, 1],
    ['is in both just before the end of one', -HOUR, 14 * MINUTE, 2],
    ['is in both just after the end of one', -14 * MINUTE, HOUR, 2],
  ])('%s', async (_where, start, end, count) => {
    await partitionsAt(database.db, start - 24 * HOUR, start, end, end + 24 * HOUR);
    const id = randomUUID();
    expect(await mark([id])).toEqual([id]);
    expect(await copies(id)).toBe(count);
    expect(await mark([id])).toEqual([]);
  });

  test.each(['commits', 'rolls back'])(
    'that a transaction before midnight handles is waited for after midnight; if it %s',
    async (ending) => {
      await partitionsAt(database.db, -HOUR, 250, HOUR);
      const id = randomUUID();
      const before = await database.db.connect();
      await before.query('begin');
      expect(await inbox.markHandled(before, 'billing', [id])).toEqual(new Set([id]));
      await eventually(async () => {
        const midnight = await database.db.query(
          `select from inbox.handled_partition where lower between clock_timestamp() - interval '1 minute' and clock_timestamp()`,
        );
        expect(midnight.rows).toHaveLength(1);
      });
      const after = mark([id]);
      await somebodyWaits();
      await before.query(ending === 'commits' ? 'commit' : 'rollback');
      before.release();
      expect(await after).toEqual(ending === 'commits' ? [] : [id]);
    },
  );

  test('that was handled in an older partition is found there, as long as it is kept', async () => {
    const id = randomUUID();
    await mark([id]);
    for (const ms of [40 * MINUTE, 2 * HOUR, 72 * HOUR]) {
      await age(database.db, ms);
      expect(await mark([id, randomUUID()])).not.toContain(id);
    }
    expect(await mark([id], 'billing', 'repeatable read')).toEqual([]);
    // The clock of Postgres was ahead by three hours when the message was handled, and has been set right.
    await age(database.db, -3 * HOUR - 74 * HOUR - 40 * MINUTE);
    expect(await mark([id])).toEqual([]);
  });

  test('that another transaction has handled meanwhile is refused under an older snapshot', async () => {
    const id = randomUUID();
    await expect(
      database.db.transaction(async (tx) => {
        await tx.query('select from inbox.settings');
        await mark([id]);
        return inbox.markHandled(tx, 'billing', [id]);
      }, 'repeatable read'),
    ).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  });
});

describe('a transaction', () => {
  afterEach(() => database.db.query('update inbox.settings set transaction_max_ms = 600000'));

  test('that has been open for too long is refused at its commit, with all its effects', async () => {
    await database.db.query('update inbox.settings set transaction_max_ms = 100');
    const id = randomUUID();
    await expect(
      database.db.transaction(async (tx) => {
        await inbox.markHandled(tx, 'billing', [id]);
        await tx.query('create table effect ()');
        await outlast(tx, 100);
      }),
    ).rejects.toMatchObject({ code: 'INBOX_TRANSACTION_TOO_LONG' });
    expect(await copies(id)).toBe(0);
    expect((await database.db.query(`select to_regclass('effect') as effect`)).rows).toEqual([{ effect: null }]);
  });

  test('that has been open for too long is refused when it calls', async () => {
    await database.db.query('update inbox.settings set transaction_max_ms = 100');
    await expect(
      database.db.transaction(async (tx) => {
        await outlast(tx, 100);
        await inbox.markHandled(tx, 'billing', [randomUUID()]);
      }),
    ).rejects.toMatchObject({ code: 'INBOX_TRANSACTION_TOO_LONG' });
  });

  test('makes the partitions that nobody made, also beside others that do', async () => {
    await partitionsAt(database.db);
    const ids = Array.from({ length: 6 }, () => randomUUID());
    const fresh = await Promise.all(ids.map((id) => mark([id, ids[0]!])));
    expect(fresh.flat().sort()).toEqual([...ids].sort());
    const room = await database.db.query<{ hours: number }>(
      `select extract(epoch from max(upper) - clock_timestamp())::float8 / 3600 as hours from inbox.handled_partition`,
    );
    expect(room.rows[0]!.hours).toBeGreaterThan(12);
  });

  test('goes on while another one makes partitions ahead and stays open', async () => {
    await partitionsAt(database.db, -HOUR, 2 * HOUR);
    const maker = await database.db.connect();
    await maker.query('begin');
    const first = randomUUID();
    await inbox.markHandled(maker, 'billing', [first]);
    const second = randomUUID();
    expect(await mark([second])).toEqual([second]);
    await maker.query('commit');
    maker.release();
    expect((await database.db.query('select from inbox.handled_partition')).rows.length).toBeGreaterThan(1);
  });

  test('reads and writes by index, however small the partitions are', async () => {
    await partitionsAt(database.db, -49 * HOUR, -25 * HOUR, -HOUR, HOUR);
    await mark(Array.from({ length: 300 }, () => randomUUID()));
    // On a connection of its own: making a partition scans it once, and is counted where it was done.
    const scans = await database.pool(1).transaction(async (tx) => {
      await inbox.markHandled(
        tx,
        'billing',
        Array.from({ length: 300 }, () => randomUUID()),
      );
      return tx.query<{ relname: string; seq_scan: string; idx_scan: string }>(
        `select relname, seq_scan, idx_scan from pg_stat_xact_user_tables where schemaname = 'inbox' and relname ~ '^handled_[0-9]'`,
      );
    });
    expect(scans.rows.filter((row) => Number(row.seq_scan) > 0)).toEqual([]);
    expect(scans.rows.filter((row) => Number(row.idx_scan) > 0).length).toBeGreaterThanOrEqual(2);
  });
});

test.each([
  ['no group', '', [randomUUID()]],
  ['a group with a name that is too long', 'g'.repeat(250), [randomUUID()]],
  ['something else than a UUID', 'billing', ['order-1']],
  ['too many ids', 'billing', Array.from({ length: 10_001 }, () => randomUUID())],
])('%s is refused, and nothing is handled', async (_what, group, ids) => {
  await expect(mark(ids, group)).rejects.toMatchObject({ code: 'INBOX_INVALID' });
  expect((await database.db.query('select from inbox.handled limit 1')).rows).toEqual([]);
});

test('a role granted inbox.grant_consumer can mark messages, and read or undo nothing', async () => {
  const role = `consumer_${randomUUID().slice(0, 8)}`;
  await database.db.query(`create role ${role}`);
  try {
    await database.db.query(`select inbox.grant_consumer('${role}')`);
    await partitionsAt(database.db);
    const id = randomUUID();
    await database.db.transaction(async (tx) => {
      await tx.query(`set local role ${role}`);
      expect(await inbox.markHandled(tx, 'billing', [id])).toEqual(new Set([id]));
      // The refusal of late commits runs with the rights of the role.
      await outlast(tx, 100);
    });
    for (const statement of [
      'select from inbox.handled',
      'delete from inbox.handled',
      'select inbox.ensure_partitions()',
    ])
      await expect(
        database.db.transaction(async (tx) => {
          await tx.query(`set local role ${role}`);
          await tx.query(statement);
        }),
      ).rejects.toThrow('permission denied');
    expect(await mark([id])).toEqual([]);
  } finally {
    await database.db.query(`drop owned by ${role}; drop role ${role}`);
  }
});

/** Keeps the transaction open until it is older than `ms`. */
function outlast(tx: { query(text: string): Promise<unknown> }, ms: number): Promise<unknown> {
  return tx.query(
    `do $$ begin while clock_timestamp() <= transaction_timestamp() + ${ms} * interval '1 ms' loop perform pg_sleep(0.005); end loop; end $$`,
  );
}
