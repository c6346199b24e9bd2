import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { listBlockedKeys, listFailures, type ParkableRecord, PostgresInbox, resolveKey } from '../src/index.ts';
import { failureOf, recordOf } from './failed-deliveries.ts';

const inbox = new PostgresInbox();
const key = { group: 'billing', topic: 'orders', key: Buffer.from('a') };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('delete from inbox.parked; delete from inbox.blocked_key; delete from inbox.failure');
});

const within = <T>(work: (tx: PoolClient) => Promise<T>): Promise<T> => database.db.transaction(work);
const take = () => within((tx) => inbox.takeParked(tx, 'billing', ['orders']));
const blocked = (...keys: readonly string[]) =>
  within((tx) =>
    inbox.blockedKeys(
      tx,
      'billing',
      'orders',
      keys.map((each) => Buffer.from(each)),
    ),
  );

/** A message fails, and blocks its key; the others are parked behind it. */
async function failAndPark(failed: ParkableRecord, ...later: readonly ParkableRecord[]): Promise<void> {
  await within(async (tx) => {
    await inbox.recordFailure(tx, failureOf(failed));
    await inbox.blockKey(tx, { ...key, key: failed.key!, messageId: failed.messageId });
  });
  for (const record of later) await within((tx) => inbox.park(tx, 'billing', record));
}

const settle = (record: ParkableRecord) => within((tx) => inbox.settleFailure(tx, failureOf(record)));

describe('a key', () => {
  test('is blocked for its group and topic until its message is settled, and then free', async () => {
    const failed = recordOf(1n, 'a');
    expect(await blocked('a', 'b')).toEqual([false, false]);
    await failAndPark(failed);
    expect(await blocked('b', 'a', 'c', 'a')).toEqual([false, true, false, true]);
    expect(await within((tx) => inbox.blockedKeys(tx, 'shipping', 'orders', [failed.key!]))).toEqual([false]);
    expect(await within((tx) => inbox.blockedKeys(tx, 'billing', 'invoices', [failed.key!]))).toEqual([false]);
    expect(await take()).toBeNull();
    await settle(recordOf(2n, 'a'));
    expect(await blocked('a')).toEqual([true]);
    await settle(failed);
    expect(await blocked('a')).toEqual([false]);
    expect(await listBlockedKeys(database.db, 'billing', { limit: 10 })).toEqual([]);
  });

  test('stays blocked while messages are parked behind it, which come one at a time, in order', async () => {
    const [failed, second, third] = [recordOf(1n, 'a'), recordOf(2n, 'a'), recordOf(3n, 'a')] as const;
    await failAndPark(failed, second, third);
    expect(await take()).toBeNull();
    await settle(failed);
    await within(async (tx) => {
      expect((await inbox.takeParked(tx, 'billing', ['orders']))?.record.offset).toBe(2n);
      expect(await take()).toBeNull();
      expect(await blocked('a')).toEqual([true]);
    });
    expect((await take())?.record.offset).toBe(3n);
    expect(await blocked('a')).toEqual([false]);
    expect(await take()).toBeNull();
    expect(await listBlockedKeys(database.db, 'billing', { limit: 10 })).toEqual([]);
  });

  test('waits again when a parked message fails', async () => {
    const [failed, second, third] = [recordOf(1n, 'a'), recordOf(2n, 'a'), recordOf(3n, 'a')] as const;
    await failAndPark(failed, second, third);
    await settle(failed);
    await within(async (tx) => {
      await inbox.takeParked(tx, 'billing', ['orders']);
      await inbox.recordFailure(tx, failureOf(second));
      await inbox.blockKey(tx, { ...key, messageId: second.messageId });
    });
    expect(await take()).toBeNull();
    await settle(second);
    expect((await take())?.record.offset).toBe(3n);
  });

  test('that is too long for an index is blocked all the same', async () => {
    const failed = recordOf(1n, 'x'.repeat(100_000));
    await failAndPark(failed, recordOf(2n, 'x'.repeat(100_000)));
    expect(await blocked('x'.repeat(100_000), 'x'.repeat(99_999))).toEqual([true, false]);
  });

  test.each(['read committed', 'repeatable read'])(
    'that a record is being parked behind is not freed (%s)',
    async (isolation) => {
      const [failed, late] = [recordOf(1n, 'a'), recordOf(2n, 'a')] as const;
      await failAndPark(failed);
      const parker = await database.db.connect();
      try {
        await parker.query('begin');
        expect(await inbox.blockedKeys(parker, 'billing', 'orders', [key.key])).toEqual([true]);
        await database.db.transaction(async (tx) => {
          // The snapshot is older than what is parked.
          await tx.query('select from inbox.settings');
          if (isolation === 'repeatable read') {
            await inbox.park(parker, 'billing', late);
            await parker.query('commit');
          }
          await inbox.settleFailure(tx, failureOf(failed));
          expect(await inbox.takeParked(tx, 'billing', ['orders'])).toBeNull();
        }, isolation);
        if (isolation === 'read committed') {
          expect(await take()).toBeNull();
          await inbox.park(parker, 'billing', late);
          await parker.query('commit');
        }
      } finally {
        parker.release();
      }
      expect((await take())?.record.offset).toBe(2n);
    },
  );
});

describe('a parked record', () => {
  test('comes back as it was', async () => {
    const failed = recordOf(1n, 'a');
    const exact = recordOf(9_007_199_254_740_993n, 'a', {
      partition: 3,
      value: Buffer.from([0, 255, 1]),
      schemaId: 12,
      headers: [
        ['h', Buffer.from('é')],
        ['h', null],
        ['nul', Buffer.from('a\0b')],
        ['raw', Buffer.from([255])],
        ['empty', Buffer.alloc(0)],
        ['na\0me', null],
      ],
    });
    const tombstone = recordOf(2n, 'a', { value: null, time: new Date(-8.64e15) });
    const timeless = recordOf(3n, 'a', { time: new Date(NaN) });
    await failAndPark(failed, exact, tombstone, timeless);
    await settle(failed);
    const first = await take();
    expect(first).toEqual({ record: exact, parkedAt: expect.any(Date) });
    expect((await take())?.record).toEqual(tombstone);
    const last = (await take())!.record;
    expect([{ ...last, time: null }, last.time.getTime()]).toEqual([{ ...timeless, time: null }, NaN]);
  });

  test('is there once, also when it is delivered again', async () => {
    const [failed, second] = [recordOf(1n, 'a'), recordOf(2n, 'a')] as const;
    await failAndPark(failed, second, second);
    await settle(failed);
    expect((await take())?.record).toEqual(second);
    expect(await take()).toBeNull();
  });

  test('is there again when the transaction that took it rolls back', async () => {
    const [failed, second] = [recordOf(1n, 'a'), recordOf(2n, 'a')] as const;
    await failAndPark(failed, second);
    await settle(failed);
    await expect(
      within(async (tx) => {
        await inbox.takeParked(tx, 'billing', ['orders']);
        throw new Error('the handler failed');
      }),
    ).rejects.toThrow('the handler failed');
    expect((await take())?.record).toEqual(second);
  });

  test('of another key is not held up by one that is being handled', async () => {
    const [a, b] = [recordOf(1n, 'a'), recordOf(2n, 'b')] as const;
    await failAndPark(a, recordOf(3n, 'a'));
    await failAndPark(b, recordOf(4n, 'b'));
    await settle(a);
    await settle(b);
    await within(async (tx) => {
      expect((await inbox.takeParked(tx, 'billing', ['orders']))?.record.offset).toBe(3n);
      expect((await take())?.record.offset).toBe(4n);
    });
  });

  test('needs a key, and one that is blocked', async () => {
    const refused = (record: ParkableRecord) => within((tx) => inbox.park(tx, 'billing', record));
    await expect(refused(recordOf(1n, 'a', { key: null }))).rejects.toMatchObject({ code: 'INBOX_INVALID' });
    await expect(refused(recordOf(1n, 'a'))).rejects.toMatchObject({ code: 'KEY_NOT_BLOCKED' });
  });
});

describe('a key resolved by hand', () => {
  test('gives its message up with an audit entry, and what is parked goes on', async () => {
    const failed = recordOf(1n, 'a');
    await failAndPark(failed, recordOf(2n, 'a'), recordOf(3n, 'a'));
    const blockedKeys = await listBlockedKeys(database.db, 'billing', { limit: 10 });
    expect(blockedKeys).toMatchObject([{ ...key, waitingFor: failed.messageId, parked: 2 }]);
    await database.db.query(`select inbox.resolve_key('billing', 'orders', 'a', 'the order was cancelled')`);
    expect((await take())?.record.offset).toBe(2n);
    expect(await listFailures(database.db, 'billing', { limit: 10 })).toMatchObject([
      { state: 'resolved', resolution: 'by hand: the order was cancelled' },
    ]);
    const audit = await database.db.query(
      `select actor, via, action, target, detail from audit.entry where target = 'billing'`,
    );
    expect(audit.rows).toEqual([
      {
        actor: expect.any(String),
        via: 'sql',
        action: 'inbox.resolve-key',
        target: 'billing',
        detail: {
          topic: 'orders',
          key: 'YQ==',
          messageId: failed.messageId,
          reason: 'the order was cancelled',
          parked: 2,
        },
      },
    ]);
  });

  test('leaves the audit entry to a caller that writes its own', async () => {
    const failed = recordOf(1n, 'a');
    await failAndPark(failed);
    expect(await within((tx) => resolveKey(tx, key, 'known'))).toEqual({
      topic: 'orders',
      key: 'YQ==',
      messageId: failed.messageId,
      reason: 'known',
      parked: 0,
    });
    expect(await blocked('a')).toEqual([false]);
    expect((await database.db.query(`select from audit.entry where detail ->> 'reason' = 'known'`)).rows).toEqual([]);
  });

  test('has to be blocked, and needs a reason', async () => {
    await expect(within((tx) => resolveKey(tx, key, 'why'))).rejects.toMatchObject({ code: 'KEY_NOT_BLOCKED' });
    await failAndPark(recordOf(1n, 'a'));
    await expect(within((tx) => resolveKey(tx, key, ''))).rejects.toMatchObject({ code: 'INBOX_INVALID' });
    expect(await blocked('a')).toEqual([true]);
  });
});

test('blocked keys are read page by page', async () => {
  for (const each of ['a', 'b', 'c', 'd', 'e']) await failAndPark(recordOf(1n, each), recordOf(2n, each));
  const pages: string[] = [];
  let after: { topic: string; key: Buffer } | undefined;
  for (;;) {
    const page = await listBlockedKeys(database.db, 'billing', { limit: 2, ...(after === undefined ? {} : { after }) });
    pages.push(...page.map((each) => each.key.toString()));
    after = page.at(-1);
    if (page.length < 2) break;
  }
  expect(pages.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a role granted inbox.grant_consumer can record, block, park, settle and take, and resolve nothing by hand', async () => {
  const role = `consumer_${randomUUID().slice(0, 8)}`;
  await database.db.query(`create role ${role}`);
  try {
    await database.db.query(`select inbox.grant_consumer('${role}')`);
    const [failed, second] = [recordOf(1n, 'a'), recordOf(2n, 'a')] as const;
    await within(async (tx) => {
      await tx.query(`set local role ${role}`);
      await inbox.recordFailure(tx, failureOf(failed));
      await inbox.blockKey(tx, { ...key, messageId: failed.messageId });
      expect(await inbox.blockedKeys(tx, 'billing', 'orders', [key.key])).toEqual([true]);
      await inbox.park(tx, 'billing', second);
      await inbox.settleFailure(tx, failureOf(failed));
      expect((await inbox.takeParked(tx, 'billing', ['orders']))?.record).toEqual(second);
    });
    for (const statement of [`select inbox.resolve_key('billing', 'orders', 'a', 'why')`, 'select from inbox.failure'])
      await expect(
        within(async (tx) => {
          await tx.query(`set local role ${role}`);
          await tx.query(statement);
        }),
      ).rejects.toThrow('permission denied');
  } finally {
    await database.db.query(`drop owned by ${role}; drop role ${role}`);
  }
});
