import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type BatchMessage, createOutbox } from '../src/index.ts';
import { outboxDatabase, storedMessages } from './outbox-database.ts';

const outbox = createOutbox();
let database: TestDatabase;

beforeAll(async () => {
  database = await outboxDatabase();
});
afterAll(() => database.drop());

const locksOn = async (kind: 'exclusive topic' | 'key', pid: number): Promise<number> => {
  const { rows } = await database.db.query<{ n: number }>(
    `select count(*)::integer as n from pg_locks where locktype = 'advisory' and pid = $1 and mode = 'ExclusiveLock' and classid::bigint >> 12 & 15 = $2`,
    [pid, kind === 'key' ? 1 : 2],
  );
  return rows[0]?.n ?? 0;
};

describe('emitBatch', () => {
  test('returns ids in the order given, and keeps the order of each key', async () => {
    const batch: BatchMessage[] = Array.from({ length: 2_500 }, (_, n) => ({
      topic: n % 3 === 0 ? 'orders' : 'payments',
      key: n % 7 === 0 ? undefined : `key-${(n * 31) % 50}`,
      payload: n,
      headers: { n: String(n) },
    }));
    const ids = await database.db.transaction((tx) => outbox.emitBatch(tx, batch));
    expect(new Set(ids).size).toBe(batch.length);
    const stored = await storedMessages(database);
    const byId = new Map(stored.map((message) => [message.message_id, message]));
    batch.forEach((message, index) => {
      expect(byId.get(ids[index] as string)).toMatchObject({
        topic: message.topic,
        key: message.key ?? null,
        payload: String(index),
        headers: [['n', String(index)]],
      });
    });
    const last = new Map<string, number>();
    for (const message of stored) {
      const key = `${message.topic} ${message.key}`;
      expect(Number(message.payload)).toBeGreaterThan(last.get(key) ?? -1);
      last.set(key, Number(message.payload));
    }
  });

  test('an empty batch does nothing, even without a transaction', async () => {
    await expect(outbox.emitBatch(database.db as never, [])).resolves.toEqual([]);
  });

  test('a message larger than a chunk goes alone, and the total may pass the bounds of one statement', async () => {
    await database.db.query(`select outbox.create_topic('large', 1, 'key', 20000000)`);
    const sizes = [3_000_000, 5_000_000, 10, 3_000_000];
    const ids = await database.db.transaction((tx) =>
      outbox.emitBatch(
        tx,
        sizes.map((size, n) => ({ topic: 'large', key: `k${n}`, payload: Buffer.alloc(size, n) })),
      ),
    );
    const { rows } = await database.db.query<{ size: number }>(
      'select octet_length(payload) as size from outbox.message where message_id = any($1) order by array_position($1, message_id)',
      [ids],
    );
    expect(rows.map((row) => row.size)).toEqual(sizes);
  });

  test('takes one lock on a topic with more than 256 keys, and none on it below', async () => {
    await database.db.transaction(async (tx) => {
      const pid = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid as number;
      const batch = (topic: string, keys: number): BatchMessage[] =>
        Array.from({ length: keys }, (_, n) => ({ topic, key: `many-${n}`, payload: n }));
      await outbox.emitBatch(tx, batch('orders', 256));
      expect([await locksOn('exclusive topic', pid), await locksOn('key', pid)]).toEqual([0, 256]);
      await tx.query('rollback');
      await tx.query('begin');
      await outbox.emitBatch(tx, [...batch('payments', 300), ...batch('orders', 200)]);
      expect([await locksOn('exclusive topic', pid), await locksOn('key', pid)]).toEqual([1, 200]);
    });
  });

  test('two batches with the same keys in opposite order wait for each other and never deadlock', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `dl-${n}`);
    const batchOf = (names: string[], writer: string, round: number): BatchMessage[] =>
      names.flatMap((key) => ['orders', 'payments'].map((topic) => ({ topic, key, payload: { writer, round } })));
    const run = async (writer: string, names: string[]): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        await database.db.transaction((tx) => outbox.emitBatch(tx, batchOf(names, writer, round)));
      }
    };
    await Promise.all([
      run('a', keys),
      run('b', keys.toReversed()),
      run(
        'c',
        keys.toSorted(() => 1),
      ),
    ]);
    const stored = (await storedMessages(database)).filter((message) => message.key?.startsWith('dl-') === true);
    expect(stored).toHaveLength(3 * 20 * 80);
  });

  test('two batches over large and small topics in opposite order never deadlock either', async () => {
    const many = (topic: string, count: number, salt: number): BatchMessage[] =>
      Array.from({ length: count }, (_, n) => ({ topic, key: `${salt}-${n}`, payload: n }));
    const run = async (small: string, large: string, salt: number): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        await database.db.transaction((tx) =>
          outbox.emitBatch(tx, [...many(large, 300, salt), ...many(small, 200, salt)]),
        );
      }
    };
    await Promise.all([run('orders', 'payments', 1), run('payments', 'orders', 2), run('orders', 'payments', 3)]);
  });

  test('the database would report a deadlock for the unsorted order (so the test above can fail)', async () => {
    const other = await createTestDatabase();
    try {
      await other.db.query(`select outbox.create_topic('orders')`);
      const first = await other.db.connect();
      const second = await other.db.connect();
      const emit = (key: string): string => `select outbox.emit('orders', '${key}', '1')`;
      await first.query('begin');
      await second.query('begin');
      await first.query(emit('a'));
      await second.query(emit('b'));
      const outcomes = await Promise.allSettled([first.query(emit('b')), second.query(emit('a'))]);
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(failed).toHaveLength(1);
      expect(failed[0]).toMatchObject({ reason: { code: '40P01' } });
      await first.query('rollback');
      await second.query('rollback');
      first.release();
      second.release();
    } finally {
      await other.drop();
    }
  });
});
