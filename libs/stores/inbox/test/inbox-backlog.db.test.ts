import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PostgresInbox, readInboxBacklog } from '../src/index.ts';
import { failureOf, recordOf } from './failed-deliveries.ts';

const inbox = new PostgresInbox();
const NOTHING = { count: 0, oldestMs: 0 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const within = <T>(work: (tx: PoolClient) => Promise<T>): Promise<T> => database.db.transaction(work);

test('an empty inbox has nothing that waits', async () => {
  const backlog = await readInboxBacklog(database.db);
  expect(backlog).toEqual({ blockedKeys: NOTHING, parkedMessages: NOTHING, deadMessages: NOTHING });
});

test('blocked keys, parked and dead messages are counted, with the age of the oldest; those that are tried again are not dead', async () => {
  const [first, second, retried] = [recordOf(1n, 'a'), recordOf(2n, 'b'), recordOf(3n, 'c')] as const;
  for (const record of [first, second]) {
    await within(async (tx) => {
      await inbox.recordFailure(tx, failureOf(record, { state: 'dead', sentTo: 'orders.billing.dlq', dueAt: null }));
      await inbox.blockKey(tx, { group: 'billing', topic: 'orders', key: record.key!, messageId: record.messageId });
    });
  }
  await within((tx) => inbox.recordFailure(tx, failureOf(retried)));
  for (const offset of [4n, 5n, 6n]) await within((tx) => inbox.park(tx, 'billing', recordOf(offset, 'a')));
  await database.db.query(`update inbox.blocked_key set blocked_at = now() - interval '3 hours' where key = 'b'`);
  await database.db.query(`update inbox.parked set parked_at = now() - interval '2 hours' where "offset" = 4`);
  await database.db.query(`update inbox.failure set changed_at = now() - interval '1 hour' where "offset" = 2`);

  const { blockedKeys, parkedMessages, deadMessages } = await readInboxBacklog(database.db);
  const counts = [blockedKeys, parkedMessages, deadMessages].map(({ count }) => count);
  const hours = [blockedKeys, parkedMessages, deadMessages].map(({ oldestMs }) => Math.floor(oldestMs / 3_600_000));
  expect({ counts, hours }).toEqual({ counts: [2, 3, 2], hours: [3, 2, 1] });
});

test('counting reads by index, however much has piled up', async () => {
  await within(async (tx) => {
    await tx.query('set local enable_seqscan = off');
    const plan = async (sql: string): Promise<string> =>
      (await tx.query<{ 'QUERY PLAN': string }>(`explain ${sql}`)).rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(await plan('select blocked_at from inbox.blocked_key order by blocked_at limit 10000')).toMatch(
      /blocked_key_by_age/,
    );
    const dead = `select changed_at from inbox.failure where state = 'dead' order by changed_at limit 10000`;
    expect(await plan(dead)).toMatch(/failure_dead/);
  });
});
