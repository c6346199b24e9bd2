import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { createTestDatabase, eventually, seededRandom, testSeed, type TestDatabase } from '#libs/foundation/testing';
import { listBlockedKeys, listFailures, type ParkableRecord, PostgresInbox } from '../src/index.ts';
import { failureOf, recordOf } from './failed-deliveries.ts';

const RECORDS = 150;
const KEYS = ['a', 'b', 'c', 'd'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query('create table effect (id bigint generated always as identity, key text, "offset" bigint)');
});
afterAll(() => database.drop());

/**
 * A consumer reduced to its transactions: the main flow by offset, one reader of the retry topic, two that take what is parked.
 * Each delivery fails as often as `failing` says.
 */
class Flow {
  readonly inbox = new PostgresInbox();
  readonly retries: { record: ParkableRecord; hop: number }[] = [];
  mainEnded = false;
  readonly #failing: Map<string, number>;

  constructor(failing: Map<string, number>) {
    this.#failing = failing;
  }

  get settled(): boolean {
    return this.mainEnded && this.retries.length === 0;
  }

  async main(records: readonly ParkableRecord[]): Promise<void> {
    for (const record of records) {
      const handled = await database.db.transaction(async (tx) => {
        const [blocked] = await this.inbox.blockedKeys(tx, 'billing', 'orders', [record.key!]);
        if (blocked === true) await this.inbox.park(tx, 'billing', record);
        else if (this.#fails(record)) return false;
        else await this.#handle(tx, record);
        return true;
      });
      if (!handled) await this.#sendOn(record, 0);
    }
    this.mainEnded = true;
  }

  async retry(): Promise<void> {
    const next = this.retries.shift();
    if (next === undefined) return;
    if (this.#fails(next.record)) return this.#sendOn(next.record, next.hop + 1);
    await database.db.transaction(async (tx) => {
      await this.#handle(tx, next.record);
      await this.inbox.settleFailure(tx, failureOf(next.record));
    });
  }

  async parked(): Promise<void> {
    const failed = await database.db.transaction(async (tx) => {
      const taken = await this.inbox.takeParked(tx, 'billing', ['orders']);
      if (taken === null) return null;
      if (this.#fails(taken.record)) {
        await this.#record(tx, taken.record, 0);
        return taken.record;
      }
      await this.#handle(tx, taken.record);
      return null;
    });
    if (failed !== null) this.retries.push({ record: failed, hop: 0 });
  }

  #fails(record: ParkableRecord): boolean {
    const left = this.#failing.get(record.messageId) ?? 0;
    this.#failing.set(record.messageId, left - 1);
    return left > 0;
  }

  async #handle(tx: PoolClient, record: ParkableRecord): Promise<void> {
    expect((await this.inbox.markHandled(tx, 'billing', [record.messageId])).size).toBe(1);
    await tx.query('insert into effect (key, "offset") values ($1, $2)', [record.key!.toString(), record.offset]);
  }

  async #sendOn(record: ParkableRecord, hop: number): Promise<void> {
    await database.db.transaction((tx) => this.#record(tx, record, hop));
    this.retries.push({ record, hop });
  }

  async #record(tx: PoolClient, record: ParkableRecord, hop: number): Promise<void> {
    const { messageId } = record;
    const delivery = {
      topic: hop === 0 ? 'orders' : `orders.billing.retry.${hop}`,
      partition: 0,
      offset: record.offset,
    };
    expect(await this.inbox.recordFailure(tx, failureOf(record, { delivery }))).toBe('recorded');
    await this.inbox.blockKey(tx, { group: 'billing', topic: 'orders', key: record.key!, messageId });
  }
}

test('messages of a key take effect in order and once, whichever of them fail, and no key stays blocked', async () => {
  const seed = testSeed();
  console.info(`seed ${seed}`);
  const random = seededRandom(seed);
  const records = Array.from({ length: RECORDS }, (_, n) =>
    recordOf(BigInt(n), KEYS[Math.floor(random() * KEYS.length)]!),
  );
  const failing = new Map(
    records.map((record) => [record.messageId, random() < 0.15 ? 1 + Math.floor(random() * 2) : 0]),
  );
  const flow = new Flow(failing);
  const ended = new AbortController();
  const repeat = async (work: () => Promise<unknown>): Promise<void> => {
    while (!ended.signal.aborted) await work();
  };
  const work = Promise.all([
    flow.main(records),
    repeat(async () => (await flow.retry(), database.db.query('select'))),
    repeat(() => flow.parked()),
    repeat(() => flow.parked()),
  ]);
  const count = async () =>
    (await database.db.query<{ n: number }>('select count(*)::integer as n from effect')).rows[0]!.n;
  try {
    await Promise.race([
      work,
      eventually(async () => expect([flow.settled, await count()]).toEqual([true, RECORDS]), 20_000),
    ]);
  } finally {
    ended.abort();
    await work;
  }

  const effects = await database.db.query<{ key: string; offset: string }>(
    'select key, "offset" from effect order by id',
  );
  for (const key of KEYS) {
    const expected = records.filter((record) => record.key!.toString() === key).map((record) => record.offset);
    expect(effects.rows.filter((row) => row.key === key).map((row) => BigInt(row.offset))).toEqual(expected);
  }
  const failures = await listFailures(database.db, 'billing', { limit: 1_000 });
  expect(failures.length).toBeGreaterThan(5);
  expect(failures.filter((failure) => failure.state !== 'resolved')).toEqual([]);
  await flow.parked();
  expect(await listBlockedKeys(database.db, 'billing', { limit: 10 })).toEqual([]);
});
