import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sqlStateOf } from '#libs/foundation/postgres';
import { createTestDatabase, eventually, smallPartitions, type TestDatabase } from '#libs/foundation/testing';

/** No relay runs here: the writers make their own room. */
let database: TestDatabase;

const asked = await createTestDatabase({ migrated: false });
const setting = await asked.db.query<{ on: boolean }>(
  `select current_setting('max_prepared_transactions')::integer > 0 as on`,
);
await asked.drop();
const twoPhaseTest = setting.rows[0]!.on ? test : test.skip;

beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
  await smallPartitions(database.db, 1_000, 1);
  await database.db.query(`select outbox.create_topic('orders', 3)`);
});

afterEach(() => database.drop());

const emitMany = (count: number) =>
  `select outbox.emit('orders', null, to_jsonb(n)) from generate_series(1, ${count}) n`;

/** As any client of SERIALIZABLE has to: again after a serialization failure, and after no other error. */
async function retried(work: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== '40001' || attempt === 20) throw error;
    }
  }
}

async function waitingForRoom(): Promise<number> {
  const waiting = await database.db.query<{ n: number }>(
    `select count(*)::integer as n from pg_locks where relation = 'outbox.message'::regclass and not granted`,
  );
  return waiting.rows[0]!.n;
}

describe('outbox.ensure_room', () => {
  test.each(['read committed', 'repeatable read', 'serializable'])(
    'concurrent %s writers go far beyond the partitions made at first and never fail',
    async (isolation) => {
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let round = 0; round < 40; round++) {
          await retried(() =>
            database.db.transaction(async (tx) => {
              await tx.query(emitMany(1 + ((round * 7 + writer * 13) % 60)));
              if ((round + writer) % 10 === 0) await tx.query('savepoint s');
              await tx.query(emitMany(3));
              if ((round + writer) % 10 === 0) await tx.query('rollback to s');
            }, isolation),
          );
        }
      });
      await Promise.all(writers);
      const made = await database.db.query<{ n: number; gapless: boolean }>(
        `select count(*)::integer as n, bool_and(lower = before or before is null) as gapless
         from (select lower, lag(upper) over (order by lower) as before from outbox.message_partition) p`,
      );
      expect(made.rows[0]!.gapless).toBe(true);
      expect(made.rows[0]!.n).toBeGreaterThan(8);
    },
  );

  test.each(['commit', 'rollback'])(
    'without room a writer waits for the one that is making some, until its %s',
    async (end) => {
      const maker = await database.db.connect();
      await maker.query('begin');
      await maker.query(emitMany(1_800)); // room for 2,000: the maker has made more, which nobody else can use yet
      const writer = database.db.transaction((tx) => tx.query(emitMany(2_500)));
      await eventually(async () => expect(await waitingForRoom()).toBe(1));
      await maker.query(end);
      maker.release();
      await writer;
      const kept = await database.db.query<{ n: number }>('select count(*)::integer as n from outbox.message');
      expect(kept.rows[0]!.n).toBe(end === 'commit' ? 4_300 : 2_500);
    },
  );

  twoPhaseTest('room made by a prepared transaction is waited for by the session that prepared it, too', async () => {
    const gid = `room-${process.pid}-${Date.now()}`;
    const client = await database.db.connect();
    await client.query('begin');
    await client.query(emitMany(1_800));
    await client.query(`prepare transaction '${gid}'`);
    const emitted = Promise.allSettled([client.query(emitMany(2_500))]);
    const waited = await Promise.allSettled([eventually(async () => expect(await waitingForRoom()).toBe(1))]);
    await database.db.query(`rollback prepared '${gid}'`);
    const outcomes = [...waited, ...(await emitted)].map((outcome) => outcome.status);
    client.release();
    expect(outcomes).toEqual(['fulfilled', 'fulfilled']);
    const kept = await database.db.query<{ n: number }>('select count(*)::integer as n from outbox.message');
    expect(kept.rows[0]!.n).toBe(2_500);
  });

  test('vacuum of a partition is not in the way', async () => {
    await database.db.transaction(async (vacuum) => {
      await vacuum.query('lock table only outbox.message_0 in share update exclusive mode');
      await database.db.transaction((tx) => tx.query(emitMany(5_000)));
    });
    const made = await database.db.query<{ n: number }>('select count(*)::integer as n from outbox.message_partition');
    expect(made.rows[0]!.n).toBeGreaterThanOrEqual(5);
  });

  test('ensure_partitions answers 0 while another transaction makes partitions, instead of waiting', async () => {
    await database.db.transaction(async (maker) => {
      expect((await maker.query('select outbox.ensure_partitions(3) as n')).rows).toEqual([{ n: 2 }]);
      expect((await database.db.query('select outbox.ensure_partitions(5) as n')).rows).toEqual([{ n: 0 }]);
    });
  });
});
