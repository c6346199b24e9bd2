import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { readSequencerStatus } from '#libs/stores/log';
import {
  logSink,
  outboxSource,
  Sequencer,
  SEQUENCER_DEFAULTS,
  type SequencerObserver,
  type SequencerOptions,
} from '../src/index.ts';

let database: TestDatabase;
const running: Sequencer[] = [];

const silent: SequencerObserver = {
  ledSince: () => undefined,
  ledNoMore: () => undefined,
  committed: () => undefined,
  failed: () => undefined,
};

async function startSequencer(holder: string, options: Partial<SequencerOptions> = {}): Promise<Sequencer> {
  const sequencer = new Sequencer(outboxSource(database.db), logSink(database.db), silent, {
    ...SEQUENCER_DEFAULTS,
    ...options,
    holder,
    info: { host: 'test', pid: process.pid },
  });
  running.push(sequencer);
  await sequencer.start();
  return sequencer;
}

interface Placed {
  topic_id: number;
  partition: number;
  offset: string;
  position: string;
}

async function placed(): Promise<Placed[]> {
  const result = await database.db.query<Placed>(
    `select b.topic_id, b.partition, (b.base_offset + u.n - 1)::text as offset, u.position::text
     from log.batch b, unnest(b.positions) with ordinality u(position, n) order by u.position`,
  );
  return result.rows;
}

async function caughtUp(): Promise<void> {
  await eventually(async () => expect((await readSequencerStatus(database.db)).lagMessages).toBe(0n));
}

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`
    update outbox.settings set partition_size = 1000, partitions_ahead = 6;
    drop table outbox.message_0, outbox.message_1000000, outbox.message_2000000;
    delete from outbox.message_partition;
    select outbox.ensure_partitions()`);
  await database.db.query(`select outbox.create_topic('orders', 3), outbox.create_topic('other', 1)`);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((sequencer) => sequencer.stop(5_000)));
});

afterAll(() => database.drop());

test('sequences every committed message once, with dense offsets, across partitions of the outbox', async () => {
  await database.db.query(
    `select outbox.emit('orders', 'k' || n % 50, to_jsonb(n)), outbox.emit('other', null, to_jsonb(n)) from generate_series(1, 2500) n`,
  );
  await startSequencer('a', { messagesMax: 333 });
  await caughtUp();
  const records = await placed();
  const messages = await database.db.query<{ id: string }>('select m.id::text from outbox.message m order by m.id');
  expect(records.map((record) => record.position)).toEqual(messages.rows.map((row) => row.id));
  const next = new Map<string, bigint>();
  for (const record of records) {
    const key = `${record.topic_id}/${record.partition}`;
    expect(BigInt(record.offset)).toBe(next.get(key) ?? 0n);
    next.set(key, BigInt(record.offset) + 1n);
  }
  const crossing = await database.db.query(
    `select 1 from log.batch b join outbox.message_partition p on b.positions[1] < p.upper and b.positions[b.records] >= p.upper`,
  );
  expect(crossing.rowCount).toBe(0);
});

test('does not pass an open transaction that has written, and catches up when it ends', async () => {
  await startSequencer('b');
  const client = await database.db.connect();
  await client.query('begin');
  await client.query(`select outbox.emit('orders', 'held', '1')`);
  await database.db.query(`select outbox.emit('orders', 'later', '2')`);
  const before = await placed();
  const status = await readSequencerStatus(database.db);
  expect(status.lagMessages).toBe(1n);
  await client.query('commit');
  client.release();
  await caughtUp();
  expect((await placed()).length).toBe(before.length + 2);
});

test('only one of several leads, and another takes over at once when it stops', async () => {
  const first = await startSequencer('first');
  await eventually(() => expect(first.leading).toBe(true));
  const second = await startSequencer('second');
  const termBefore = (await readSequencerStatus(database.db)).term;
  expect(second.leading).toBe(false);
  const stoppedAt = Date.now();
  await first.stop(5_000);
  await eventually(() => expect(second.leading).toBe(true), 1_000);
  expect(Date.now() - stoppedAt).toBeLessThan(1_000);
  expect((await readSequencerStatus(database.db)).term).toBe(termBefore + 1n);
});

test('a stale leader cannot commit: its term is over', async () => {
  const stale = logSink(database.db);
  const led = await stale.acquireLease('stale', { host: 'test', pid: 1 }, 1);
  const fresh = await eventually(async () => {
    const lease = await stale.acquireLease('fresh', { host: 'test', pid: 2 }, 60_000);
    expect(lease).toBeDefined();
    return lease!;
  });
  const step = { from: led!.cursor, to: led!.cursor + 1n, leaseMs: 1_000, batches: [], placeholders: [] };
  expect(await stale.commit({ ...step, term: led!.term })).toBe(false);
  expect(await stale.renewLease(led!.term, 1_000)).toBe(false);
  expect(await stale.releaseLease(led!.term)).toBe(false);
  expect((await readSequencerStatus(database.db)).cursor).toBe(fresh.cursor);
  await stale.releaseLease(fresh.term);
});

test('a message in a topic that was made in the same transaction is no poison', async () => {
  await startSequencer('c');
  for (let i = 0; i < 20; i += 1) {
    await database.db.transaction(async (tx) => {
      await tx.query(`select outbox.create_topic('fresh-${i}', 2)`);
      await tx.query(`select outbox.emit('fresh-${i}', 'k', '1', null, 1)`);
    });
  }
  await caughtUp();
  expect((await database.db.query('select * from log.placeholder')).rows).toEqual([]);
});

test('poison keeps its place, and the messages after it go on', async () => {
  const topic = await database.db.query<{ id: number }>(`select id from outbox.topic where name = 'other'`);
  await database.db.query(
    `insert into outbox.message (id, topic_id, partition, created_at, message_id, payload)
     select nextval('outbox.position'), $1, 5, now(), gen_random_uuid(), 'x'`,
    [topic.rows[0]!.id],
  );
  await database.db.query(
    `insert into outbox.message (id, topic_id, created_at, message_id) select nextval('outbox.position'), 999999, now(), gen_random_uuid()`,
  );
  await database.db.query(`select outbox.emit('other', 'after', '1')`);
  await startSequencer('d');
  await caughtUp();
  const placeholders = await database.db.query('select partition, reason from log.placeholder order by position');
  expect(placeholders.rows).toEqual([
    { partition: 0, reason: 'partition-out-of-range' },
    { partition: -1, reason: 'topic-unknown' },
  ]);
  const records = await placed();
  const last = await database.db.query<{ id: string }>('select max(id)::text as id from outbox.message');
  expect(records.at(-1)?.position).toBe(last.rows[0]?.id);
});
