import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders', 3)`);
  await database.db.query(`select outbox.create_topic('loose', 3, 'insert')`);
  await database.db.query(`select outbox.create_topic('small', 1, 'key', 100)`);
});

afterAll(() => database.drop());

async function refusal(sql: string): Promise<{ code?: string; remedy?: string }> {
  const before = await database.db.query('select count(*) from outbox.message');
  const error = await database.db.query(sql).then(
    () => ({}),
    (thrown: unknown) => thrown as { code: string; remedy: string },
  );
  const after = await database.db.query('select count(*) from outbox.message');
  expect(after.rows).toEqual(before.rows);
  return error;
}

describe('outbox.emit', () => {
  test('keeps key, payload, headers with duplicates, partition and the given message id', async () => {
    const id = 'd2b6a1f0-0000-7000-8000-000000000001';
    const emitted = await database.db.query<{ id: string }>(
      `select outbox.emit('orders', 'k', '{"n": 1}', '[["a","1"],["a","2"],["b",null],["c",{"base64":"AAE="}]]', 2, $1) as id`,
      [id],
    );
    expect(emitted.rows).toEqual([{ id }]);
    const stored = await database.db.query(
      'select key, payload, headers, partition, message_id from outbox.message where message_id = $1',
      [id],
    );
    expect(stored.rows).toEqual([
      {
        key: Buffer.from('k'),
        payload: Buffer.from('{"n": 1}'),
        headers: [
          ['a', '1'],
          ['a', '2'],
          ['b', null],
          ['c', { base64: 'AAE=' }],
        ],
        partition: 2,
        message_id: id,
      },
    ]);
  });

  test('keeps bytes as they are, and a null payload as a tombstone', async () => {
    const key = Buffer.from([0, 255, 1]);
    await database.db.query(`select outbox.emit_bytes('orders', $1, null), outbox.emit_bytes('orders', $1, $2)`, [
      key,
      Buffer.from([0, 0, 7]),
    ]);
    const stored = await database.db.query('select payload from outbox.message where key = $1 order by id', [key]);
    expect(stored.rows).toEqual([{ payload: null }, { payload: Buffer.from([0, 0, 7]) }]);
  });

  test('takes traceparent from the transaction unless the message brings its own', async () => {
    await database.db.transaction(async (tx) => {
      await tx.query(`select set_config('tidemark.traceparent', '00-1-2-01', true)`);
      await tx.query(
        `select outbox.emit('orders', 'trace', '1'), outbox.emit('orders', 'trace', '2', '{"traceparent":"own"}')`,
      );
    });
    const stored = await database.db.query(`select headers from outbox.message where key = 'trace' order by id`);
    expect(stored.rows).toEqual([{ headers: [['traceparent', '00-1-2-01']] }, { headers: [['traceparent', 'own']] }]);
  });

  test.each([
    [`select outbox.emit('nope', 'k', '1')`, 'TOPIC_UNKNOWN', /create_topic\('nope'\)/],
    [`select outbox.emit(null, 'k', '1')`, 'TOPIC_UNKNOWN', /./],
    [`select outbox.emit('small', 'k', to_jsonb(repeat('x', 100)))`, 'MESSAGE_TOO_LARGE', /max_message_bytes/],
    [`select outbox.emit('orders', repeat('k', 8193), '1')`, 'KEY_INVALID', /8192/],
    [`select outbox.emit('orders', 'k', '1', null, 3)`, 'PARTITION_INVALID', /0/],
    [`select outbox.emit('orders', 'k', '1', null, -1)`, 'PARTITION_INVALID', /0/],
    [`select outbox.emit('orders', 'k', '1', '{"tidemark-replay": "x"}')`, 'HEADERS_INVALID', /tidemark-/],
    [`select outbox.emit('orders', 'k', '1', '{"a": {"b": 1}}')`, 'HEADERS_INVALID', /base64/],
    [`select outbox.emit('orders', 'k', '1', '[["a"]]')`, 'HEADERS_INVALID', /pairs/],
    [`select outbox.emit('orders', 'k', '1', '"text"')`, 'HEADERS_INVALID', /object/],
    [`select outbox.emit('orders', 'k', '1', '[["a", {"base64": "%"}]]')`, 'HEADERS_INVALID', /base64/],
    [`select outbox.create_topic('bad name')`, 'TOPIC_INVALID', /characters/],
    [`select outbox.create_topic('orders')`, 'TOPIC_EXISTS', /alter_topic/],
    [`select outbox.create_topic('x', 0)`, 'TOPIC_INVALID', /./],
    [`select outbox.alter_topic('orders', 2)`, 'TOPIC_INVALID', /only grow/],
    [`select outbox.alter_topic('nope', 2)`, 'TOPIC_UNKNOWN', /create_topic/],
  ])('refuses %s with %s and changes nothing', async (sql, code, remedy) => {
    const error = await refusal(sql);
    expect(error.code).toBe(code);
    expect(error.remedy).toMatch(remedy);
  });

  test('creates unknown topics only when the settings say so', async () => {
    await database.db.query('update outbox.settings set auto_create_topics = true');
    await database.db.query(`select outbox.emit('made-by-first-message', 'k', '1')`);
    await database.db.query('update outbox.settings set auto_create_topics = false');
    const topics = await database.db.query(`select partitions from outbox.topic where name = 'made-by-first-message'`);
    expect(topics.rows).toEqual([{ partitions: 6 }]);
  });

  test('locks no key in a topic with ordering insert, and one per key else', async () => {
    await database.db.transaction(async (tx) => {
      const keyLocks = `select count(*)::int as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and mode = 'ExclusiveLock'`;
      await tx.query(`select outbox.emit('loose', 'a', '1')`);
      expect((await tx.query(keyLocks)).rows).toEqual([{ n: 0 }]);
      await tx.query(
        `select outbox.emit('orders', 'a', '1'), outbox.emit('orders', 'a', '2'), outbox.emit('orders', 'b', '1')`,
      );
      expect((await tx.query(keyLocks)).rows).toEqual([{ n: 2 }]);
    });
  });

  test('escalates to one lock on the topic after very many keys, and not after many messages of one key', async () => {
    const locks = `select count(*)::int as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`;
    await database.db.transaction(async (tx) => {
      await tx.query(`select outbox.emit('orders', 'one', to_jsonb(n)) from generate_series(1, 600) n`);
      const topicExclusive = await tx.query(`select current_setting('tidemark.tx') like '%x,' as escalated`);
      expect(topicExclusive.rows).toEqual([{ escalated: false }]);
      await tx.query(`select outbox.emit('orders', 'key-' || n, to_jsonb(n)) from generate_series(1, 5000) n`);
      const held = await tx.query<{ n: number }>(locks);
      expect(held.rows[0]?.n).toBeLessThan(270);
    });
  });

  test('a rolled-back savepoint gives up its fence and its keys, and the next message takes new ones', async () => {
    await database.db.transaction(async (tx) => {
      await tx.query('savepoint a');
      await tx.query(`select outbox.emit('orders', 'sp', '1')`);
      await tx.query('rollback to a');
      const none = await tx.query(
        `select count(*)::int as n from outbox.horizon_holders() where pid = pg_backend_pid()`,
      );
      expect(none.rows).toEqual([{ n: 0 }]);
      await tx.query(`select outbox.emit('orders', 'sp', '2')`);
      const one = await tx.query(
        `select count(*)::int as n from outbox.horizon_holders() where pid = pg_backend_pid()`,
      );
      expect(one.rows).toEqual([{ n: 1 }]);
    });
  });

  test('a role granted outbox.grant_writer can emit and nothing else', async () => {
    const role = `tm_writer_${Math.trunc(Math.random() * 1e9)}`;
    await database.db.query(`create role ${role}`);
    await database.db.query(`select outbox.grant_writer('${role}')`);
    await database.db.transaction(async (tx) => {
      await tx.query(`set local role ${role}`);
      await tx.query(`select outbox.emit('orders', 'role', '1')`);
      await tx.query('savepoint s');
      await expect(tx.query(`select * from outbox.message`)).rejects.toThrow(/permission denied/);
      await tx.query('rollback to s');
      await expect(tx.query(`select outbox.create_topic('x')`)).rejects.toThrow(/permission denied/);
      await tx.query('rollback to s');
    });
    await database.db.query(`drop owned by ${role}; drop role ${role}`);
  });
});
