import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { createTestDatabase, seededRandom, testSeed, type TestDatabase } from '#libs/foundation/testing';
import { PostgresInbox } from '../src/index.ts';

/** Partitions of one second, so that a short run crosses several ends of them under load. */
const SETTINGS = 'partition_ms = 1000, overlap_ms = 300, transaction_max_ms = 200, keep_ms = 60000';
const CONSUMERS = 4;
const MESSAGES_MIN = 200;
const ENDS_MIN = 2;
const RUN_MAX_MS = 20_000;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ poolMax: CONSUMERS + 1 });
  await database.db.query(`
    update inbox.settings set ${SETTINGS};
    create table effect (message_id uuid not null);
    do $$ declare r text; begin
      for r in select relation from inbox.handled_partition loop execute format('drop table inbox.%I', r); end loop;
      delete from inbox.handled_partition;
    end $$`);
});
afterEach(() => database.drop());

test('effects happen once, whatever transactions handle a message at once around the ends of partitions', async () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const inbox = new PostgresInbox();
  const refused = new Map<string, number>();
  const handled = new Set<string>();
  const seconds = new Set<number>();
  const rounds: string[][] = [];
  const startedAt = performance.now();

  const deliver = async (batch: readonly string[], heldMs: number, fails: boolean): Promise<void> => {
    const fresh = await database.db.transaction(async (tx) => {
      const began = await tx.query<{ second: number }>('select extract(second from now())::integer as second');
      seconds.add(began.rows[0]!.second);
      const mine = await inbox.markHandled(tx, 'billing', batch);
      await tx.query('insert into effect select unnest($1::uuid[])', [[...mine]]);
      await tx.query('select pg_sleep($1::float8 / 1000)', [heldMs]);
      if (fails) throw new Error('the handler failed');
      return mine;
    });
    for (const id of fresh) handled.add(id);
  };
  // Every consumer gets the messages of every round, in a batch of its own; nobody waits for the others, so that one comes to a
  // message while another has it, whenever a partition ends.
  const consume = async (): Promise<void> => {
    for (let n = 0; handled.size < MESSAGES_MIN || seconds.size <= ENDS_MIN; n += 1) {
      expect(performance.now() - startedAt).toBeLessThan(RUN_MAX_MS);
      const round = (rounds[n] ??= Array.from({ length: 8 }, () => randomUUID()));
      const batch = round.filter(() => random() < 0.8);
      await deliver(batch, Math.floor(random() * 12), random() < 0.2).catch((error: Error) => {
        const code = error instanceof TidemarkError ? error.code : error.message;
        refused.set(code, (refused.get(code) ?? 0) + 1);
      });
    }
  };
  await Promise.all(Array.from({ length: CONSUMERS }, consume));

  const effects = await database.db.query<{ all: number; distinct: number }>(
    'select count(*)::integer as all, count(distinct message_id)::integer as distinct from effect',
  );
  console.info(`seed ${seed}: ${handled.size} messages, ${seconds.size} seconds, ${JSON.stringify([...refused])}`);
  expect(effects.rows).toEqual([{ all: handled.size, distinct: handled.size }]);
  // No deadlocks: whoever was refused had failed, or had been open for too long.
  expect(
    [...refused.keys()].filter((code) => code !== 'the handler failed' && code !== 'INBOX_TRANSACTION_TOO_LONG'),
  ).toEqual([]);
});
