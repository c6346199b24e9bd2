import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { InboxMaintenance, inboxRetention, PostgresInbox } from '../src/index.ts';
import type { InboxRetention } from '../src/retention/inbox-retention.ts';
import { partitionsAt } from './moved-partitions.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const never = new AbortController().signal;
const inbox = new PostgresInbox();

let database: TestDatabase;
let impatient: Database;
let retention: InboxRetention;
beforeAll(async () => {
  database = await createTestDatabase();
  // A detach waits for a quarter of a second at most.
  impatient = new Database({ url: database.url, poolMax: 2, statementTimeoutMs: 250 });
  retention = inboxRetention(impatient);
});
beforeEach(async () => {
  await database.db.query('update inbox.settings set keep_ms = default, partitions_ahead = default');
  await partitionsAt(database.db, -10 * DAY, -9 * DAY, -7 * DAY - HOUR, -7 * DAY + HOUR, HOUR, 4 * DAY);
});
afterAll(async () => {
  await impatient.close();
  await database.drop();
});

const run = (over = retention, signal = never) =>
  new InboxMaintenance(over, { holder: 'test', leaseMs: 60_000 }).run(signal);

async function relations(): Promise<string[]> {
  const registered = await database.db.query<{ relation: string }>(
    'select relation from inbox.handled_partition order by lower',
  );
  const tables = await database.db.query(`select from pg_class where relname ~ '^handled_[0-9_]+$' and relkind = 'r'`);
  expect(tables.rows).toHaveLength(registered.rows.length);
  return registered.rows.map((row) => row.relation);
}

test('drops what ended longer ago than rows are kept, and makes room ahead', async () => {
  const before = await relations();
  await database.db.query('update inbox.settings set partitions_ahead = 6');
  const report = await run();
  expect(report.created).toBeGreaterThanOrEqual(3);
  expect(report).toMatchObject({ hadTurn: true, dropped: before.slice(0, 2), blocked: null });
  expect((await relations()).slice(0, 3)).toEqual(before.slice(2));
  await database.db.query('update inbox.settings set keep_ms = 3 * 86400000');
  expect((await run()).dropped).toEqual(before.slice(2, 3));
});

test('a handler that has been at work since before is not waited for with a lock, and the drop goes on after it', async () => {
  const before = await relations();
  const handler = await database.db.connect();
  await handler.query('begin isolation level repeatable read');
  await inbox.markHandled(handler, 'billing', [randomUUID()]);
  expect(await run()).toMatchObject({ dropped: [], blocked: before[0] });
  // Others handle messages while the detach is pending, and the one that holds it up goes on as well.
  const meanwhile = await database.db.transaction((tx) => inbox.markHandled(tx, 'billing', [randomUUID()]));
  expect(meanwhile.size).toBe(1);
  expect((await inbox.markHandled(handler, 'billing', [randomUUID()])).size).toBe(1);
  expect(await run()).toMatchObject({ blocked: before[0] });
  await handler.query('commit');
  handler.release();
  expect(await run()).toMatchObject({ dropped: before.slice(0, 2), blocked: null });
});

test.each(['before', 'after'] as const)('a crash %s each step leaves a drop that the next run ends', async (when) => {
  const before = await relations();
  const crash = new Error('crashed');
  for (const step of ['expire', 'detach', 'dropTable', 'forget'] as const) {
    const crashing: InboxRetention = {
      ...retention,
      [step]: async (relation: string) => {
        if (when === 'after') await (retention[step] as (relation: string) => Promise<unknown>)(relation);
        throw crash;
      },
    };
    await expect(run(crashing)).rejects.toBe(crash);
  }
  // After its last step the first one is gone without a report.
  expect((await run()).dropped).toEqual(when === 'after' ? before.slice(1, 2) : before.slice(0, 2));
  expect(await relations()).toEqual(before.slice(2));
});

test('only makes room while another instance has the turn, and stops between two statements', async () => {
  expect(await retention.takeTurn('other', 60_000)).toBe(true);
  expect(await run()).toMatchObject({ hadTurn: false, dropped: [] });
  await retention.giveTurnBack('other');
  expect((await run(retention, AbortSignal.abort())).dropped).toEqual([]);
  expect((await run()).dropped).toHaveLength(2);
});
