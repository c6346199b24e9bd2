import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PartitionMaintenance, type RetentionStore, retentionStore } from '../../src/index.ts';
import { emitMany, never, OPTIONS, prepareOutbox, sequenceAll } from './filled-outbox.ts';

let database: TestDatabase;
let impatient: Database;
let store: RetentionStore;

beforeEach(async () => {
  database = await createTestDatabase();
  await prepareOutbox(database);
  // A detach waits for at most one second in these tests.
  impatient = new Database({ url: database.url, poolMax: 2, statementTimeoutMs: 1_000 });
  store = retentionStore(impatient);
});

afterEach(async () => {
  await impatient.close();
  await database.drop();
});

const maintenance = (options = {}, over = store) => new PartitionMaintenance(over, { ...OPTIONS, ...options });

/** What is left of the positions below `upper`. */
async function remains(upper: number): Promise<Record<string, number>> {
  const counted = await database.db.query<Record<string, number>>(
    `select (select count(*)::integer from outbox.message where id < $1) as messages,
            (select count(*)::integer from log.batch where positions[1] < $1) as batches,
            (select count(*)::integer from log.placeholder where position < $1) as placeholders,
            (select count(*)::integer from outbox.message_partition where lower < $1) as partitions,
            (select count(*)::integer from pg_class where relname in ('message_0', 'message_1000')) as tables`,
    [upper],
  );
  return counted.rows[0]!;
}

async function messagesFrom(position: number): Promise<number> {
  const counted = await database.db.query<{ n: number }>(
    'select count(*)::integer as n from outbox.message where id >= $1',
    [position],
  );
  return counted.rows[0]!.n;
}

const GONE = { messages: 0, batches: 0, placeholders: 0, partitions: 0, tables: 0 };

/** Each partition of each topic: its start offset is the offset of its first record that is left, or its end. */
async function expectNoHoles(): Promise<void> {
  const heads = await database.db.query(
    `select h.topic_id, h.partition, h.start_offset,
            coalesce((select min(b.base_offset) from log.batch b
                      where b.topic_id = h.topic_id and b.partition = h.partition), h.next_offset) as first_left
     from log.head h`,
  );
  expect(heads.rows.length).toBeGreaterThan(0);
  for (const head of heads.rows) expect(head).toMatchObject({ start_offset: head['first_left'] });
}

describe('PartitionMaintenance', () => {
  test('drops what has expired, with its batches and placeholders, and raises the start offsets', async () => {
    await database.db.query(`insert into log.placeholder values (99, -1, 500, 500, 'topic-unknown', 'of a test')`);
    await emitMany(database.db, 'brief', 2_500);
    await sequenceAll(database.db);
    const behind = await messagesFrom(2_000);
    const report = await maintenance().run(never);
    expect(report).toMatchObject({ hadTurn: true, marked: ['message_0', 'message_1000'], blocked: null, kept: [] });
    expect(report.dropped).toEqual(['message_0', 'message_1000']);
    expect(await remains(2_000)).toEqual(GONE);
    await expectNoHoles();
    expect(await messagesFrom(0)).toBe(behind);
    expect(behind).toBeGreaterThan(0);
  });

  test('creates partitions ahead of the writers', async () => {
    await emitMany(database.db, 'brief', 2_100);
    expect((await maintenance().run(never)).created).toBeGreaterThan(0);
    expect((await maintenance().run(never)).created).toBe(0);
  });

  test('keeps what is not in the log yet', async () => {
    await emitMany(database.db, 'brief', 2_500);
    expect(await maintenance().run(never)).toMatchObject({ marked: [], kept: [] });
    expect(await messagesFrom(0)).toBe(2_500);
  });

  test('has more time for the exact read than a detach has for waiting', async () => {
    await emitMany(database.db, 'brief', 1_100);
    await sequenceAll(database.db);
    await database.db.query(`
      create sequence log.looks;
      alter table log.batch rename to real_batch;
      create view log.batch as select b.* from log.real_batch b,
        (select case when nextval('log.looks') = 1 then pg_sleep(3.5)::text end offset 0) slow_once`);
    const verdict = await store.markForDrop({ lower: 0n, upper: 1_000n }, ({ topics }) => {
      expect(topics[0]).toMatchObject({ topic: 'brief' });
      return { drop: false, reason: 'straddled', heldBy: null };
    });
    expect(verdict).toMatchObject({ drop: false });
  });

  test('keeps a partition for the one topic whose retention has not passed', async () => {
    await database.db.query(
      `select outbox.create_topic('audit', 1), outbox.create_topic('slow', 1, p_retention_ms => 3600000)`,
    );
    await emitMany(database.db, 'brief', 500);
    await emitMany(database.db, 'audit', 1);
    await emitMany(database.db, 'brief', 700);
    await emitMany(database.db, 'slow', 1);
    await emitMany(database.db, 'brief', 2_000);
    await sequenceAll(database.db);
    const report = await maintenance().run(never);
    // The third partition holds only what has expired: it goes, although older ones stay.
    expect(report.dropped).toEqual(['message_2000']);
    expect(report.kept).toEqual([
      { relation: 'message_0', verdict: { drop: false, reason: 'kept-for-ever', heldBy: 'audit' } },
      { relation: 'message_1000', verdict: { drop: false, reason: 'within-retention', heldBy: 'slow' } },
    ]);
    const audit = await database.db.query(
      `select h.start_offset, h.next_offset from log.head h join outbox.topic t on t.id = h.topic_id where t.name in ('audit', 'slow')`,
    );
    expect(audit.rows).toEqual([
      { start_offset: '0', next_offset: '1' },
      { start_offset: '0', next_offset: '1' },
    ]);
  });

  test('waits for a required reader until it has passed the last message', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    await database.db.query(`insert into log.retention_hold (reader, position) values ('cluster-a', 998)`);
    const held = { relation: 'message_0', verdict: { drop: false, reason: 'reader-behind', heldBy: 'cluster-a' } };
    expect((await maintenance().run(never)).kept).toEqual([held]);
    await database.db.query('update log.retention_hold set position = 999');
    expect((await maintenance().run(never)).dropped).toEqual(['message_0']);
  });

  test('waits for a required consumer group, and not for another one', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    await database.db.query(`
      insert into log.consumer_group (name, required) values ('projection', true);
      insert into log.group_partition (group_id, topic_id, partition)
      select g.id, t.id, p from log.consumer_group g, outbox.topic t, generate_series(0, t.partitions - 1) p`);
    expect((await maintenance().run(never)).kept).toMatchObject([{ verdict: { heldBy: 'required consumer groups' } }]);
    await database.db.query('update log.consumer_group set required = false');
    expect((await maintenance().run(never)).dropped).toEqual(['message_0']);
  });

  test('decides on a hold that was taken after the estimate', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    const late: RetentionStore = {
      ...store,
      estimate: async (range) => {
        const facts = await store.estimate(range);
        await database.db.query(`insert into log.retention_hold (reader, position) values ('new', 0)`);
        return facts;
      },
    };
    expect(await maintenance({}, late).run(never)).toMatchObject({
      marked: [],
      kept: [{ verdict: { heldBy: 'new' } }],
    });
    expect(await messagesFrom(0)).toBe(1_500);
  });

  test('gives readers the grace period between the new start offsets and the drop', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    expect(await maintenance({ graceMs: 60_000 }).run(never)).toMatchObject({ marked: ['message_0'], dropped: [] });
    expect(await messagesFrom(0)).toBe(1_500);
    const started = await database.db.query<{ n: string }>('select sum(start_offset) as n from log.head');
    expect(Number(started.rows[0]!.n)).toBe(1_500 - (await messagesFrom(1_000)));
    await database.db.query(
      `update outbox.message_partition set dropping_since = dropping_since - interval '1 minute'`,
    );
    expect(await maintenance({ graceMs: 60_000 }).run(never)).toMatchObject({ marked: [], dropped: ['message_0'] });
  });

  test('does nothing but make room while another instance has the turn, until that lease has expired', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    expect(await store.takeTurn('other', 60_000)).toBe(true);
    expect(await maintenance().run(never)).toMatchObject({ hadTurn: false, marked: [] });
    await database.db.query(`update log.retention_lease set expires_at = clock_timestamp() - interval '1 second'`);
    expect(await maintenance().run(never)).toMatchObject({ hadTurn: true, dropped: ['message_0'] });
    expect(await store.takeTurn('other', 60_000)).toBe(true);
  });

  test('refuses to tear a batch that a step has carried across the end of a partition', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    await database.db.query(`update log.batch set step = 1000 where step = 999`);
    expect(await maintenance().run(never)).toMatchObject({ marked: [], kept: [{ verdict: { reason: 'straddled' } }] });
  });

  test('stops between two statements when it is told to, and goes on in the next run', async () => {
    await emitMany(database.db, 'brief', 1_500);
    await sequenceAll(database.db);
    const stop = new AbortController();
    const stopping: RetentionStore = { ...store, detach: (relation) => (stop.abort(), store.detach(relation)) };
    expect(await maintenance({}, stopping).run(stop.signal)).toMatchObject({ marked: ['message_0'], dropped: [] });
    expect(await maintenance().run(never)).toMatchObject({ dropped: ['message_0'] });
  });
});

describe('a crash', () => {
  const WRITES = ['markForDrop', 'detach', 'dropTable', 'deleteLog', 'forget'] as const;

  test.each(WRITES.flatMap((write) => (['before', 'after'] as const).map((when) => [when, write] as const)))(
    '%s %s leaves a drop that the next run ends',
    async (when, write) => {
      await emitMany(database.db, 'brief', 1_500);
      await sequenceAll(database.db);
      const crash = new Error('crashed');
      const crashing: RetentionStore = {
        ...store,
        [write]: async (...args: unknown[]) => {
          if (when === 'after') await (store[write] as (...args: unknown[]) => Promise<unknown>)(...args);
          throw crash;
        },
      };
      await expect(maintenance({}, crashing).run(never)).rejects.toBe(crash);
      const report = await maintenance().run(never);
      expect([...report.dropped, ...(when === 'after' && write === 'forget' ? ['message_0'] : [])]).toEqual([
        'message_0',
      ]);
      expect(await remains(1_000)).toEqual({ ...GONE, tables: 1 });
      await expectNoHoles();
    },
  );
});
