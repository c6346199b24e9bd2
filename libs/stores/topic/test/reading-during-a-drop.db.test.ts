import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { eventually, smallPartitions } from '#libs/foundation/testing';
import { MAINTENANCE_DEFAULTS, PartitionMaintenance, retentionStore } from '#libs/movers/sequencer';
import { PostgresGroupAdmin, PostgresTopicReader } from '../src/index.ts';
import { startLog, type TestLog } from './test-log.ts';

const LIMITS = { maxRecords: 5_000, maxBytes: 10_000_000 };
const LONG_AGO = new Date(0);
const never = new AbortController().signal;

let log: TestLog;
let impatient: Database;
let reader: PostgresTopicReader;

beforeEach(async () => {
  log = await startLog();
  await smallPartitions(log.db, 1_000, 2);
  await log.db.query(`select outbox.create_topic('brief', 1, p_retention_ms => 1)`);
  await log.db.query(`select outbox.emit('brief', null, to_jsonb(n)) from generate_series(1, 2500) n`);
  await log.caughtUp();
  // A detach waits for at most half a second here.
  impatient = new Database({ url: log.url, poolMax: 2, statementTimeoutMs: 500 });
  reader = new PostgresTopicReader(log.db);
});

afterEach(async () => {
  await impatient.close();
  await log.stop();
});

const maintain = () =>
  new PartitionMaintenance(retentionStore(impatient), { ...MAINTENANCE_DEFAULTS, holder: 'test', graceMs: 0 }).run(
    never,
  );

/** The first partition stays "detach pending" as long as `work` goes on: its messages are out of sight, its batches are not. */
async function whileDetachIsPending(work: () => Promise<void>): Promise<void> {
  const open = await log.db.connect();
  try {
    await open.query('begin');
    await open.query('select from outbox.message limit 1');
    expect(await maintain()).toMatchObject({ blocked: 'message_0' });
    await work();
  } finally {
    await open.query('rollback');
    open.release();
  }
}

describe('while a partition is being dropped', () => {
  test('a time finds the first record that is left, not the end', async () => {
    await whileDetachIsPending(async () => {
      const { startOffset, endOffset } = await reader.range('brief', 0);
      expect(startOffset).toBeGreaterThan(0n);
      expect(endOffset).toBe(2_500n);
      expect(await reader.offsetAt('brief', 0, LONG_AGO)).toBe(startOffset);
      const page = await reader.readSince('brief', LONG_AGO, LIMITS);
      expect(page.records[0]?.offset).toBe(startOffset);
    });
  });

  test('a group that is reset to a time begins at the first record that is left', async () => {
    const groups = new PostgresGroupAdmin(log.db);
    await groups.create('late', { start: { from: 'latest' }, required: false });
    await whileDetachIsPending(async () => {
      const { startOffset } = await reader.range('brief', 0);
      const [reset] = await groups.reset('late', [{ topic: 'brief', to: 'time', time: LONG_AGO }], { by: 'test' });
      expect(reset).toMatchObject({ to: startOffset });
    });
  });
});

test('a group that becomes required during the decision to drop is told so only after it', async () => {
  const groups = new PostgresGroupAdmin(log.db);
  await groups.create('late', { start: { from: 'earliest' }, required: false });
  await groups.reset('late', [{ topic: 'brief', to: 'earliest' }], { by: 'test' });
  const held = async (granted: boolean): Promise<boolean> => {
    const locks = await log.db.query(
      `select from pg_locks where relation = 'log.retention_hold'::regclass and granted = $1 and mode in ('ShareLock', 'RowExclusiveLock')`,
      [granted],
    );
    return locks.rowCount! > 0;
  };
  const step = await log.db.connect();
  let dropping: boolean | undefined;
  let required: Promise<void> | undefined;
  let drop: Promise<unknown> | undefined;
  try {
    await step.query('begin; select from log.sequencer for no key update');
    drop = maintain();
    await eventually(async () => expect(await held(true)).toBe(true));
    // It has decided, and waits for the step before it says so.
    required = (async () => {
      await groups.setRequired('late', true);
      const marked = await log.db.query<{ marked: boolean }>(
        'select dropping_since is not null as marked from outbox.message_partition where lower = 0',
      );
      dropping = marked.rows[0]?.marked ?? true;
    })();
    await eventually(async () => expect(dropping !== undefined || (await held(false))).toBe(true));
  } finally {
    await step.query('rollback');
    step.release();
    await Promise.all([drop, required]);
  }
  expect(dropping).toBe(true);
});
