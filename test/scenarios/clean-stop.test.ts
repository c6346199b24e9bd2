import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';

// The whole relay is asked to stop, as every rolling deployment does.
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

/** Resolves once a request waits at the end of a topic: only then does the relay look at the cursor again and again. */
async function readerWaits(): Promise<void> {
  const looks = new Set<number>();
  await eventually(async () => {
    const result = await bench.db.query<{ at: Date }>(
      `select a.query_start as at from pg_stat_activity a
       where a.datname = current_database() and a.application_name = 'tidemark relay' and a.query like '%cursor%log.sequencer%'`,
    );
    for (const row of result.rows) looks.add(row.at.getTime());
    expect(looks.size).toBeGreaterThan(5);
  });
}

test(`SIGTERM under load: the standby leads within 1 s, whatever readers wait for; exit code 0 (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const leader = bench.relay();
  const url = await leader.url();
  const { term } = await bench.leaderAfter(0n);
  const standby = bench.relay();
  await standby.url();
  await bench.progress();
  await bench.db.query(`select outbox.create_topic('quiet', 1)`);
  const waiting = fetch(`${url}/v1/topics/quiet/partitions/0/records?offset=0&waitMs=2500`);
  await readerWaits();
  const askedAt = Date.now();
  leader.signal('SIGTERM');
  const next = await bench.leaderAfter(term);
  expect(next.pid).toBe(standby.pid);
  expect(next.since.getTime() - askedAt).toBeLessThan(1_000);
  expect((await waiting).status).toBe(200);
  expect(await leader.exited).toEqual({ code: 0, signal: null });
  await bench.progress();
  await bench.expectTruth();
});

test('a request in progress is answered before the process ends, a new one is refused', async () => {
  const relay = bench.relay();
  const url = await relay.url();
  // A reader that waits at the end of a partition.
  const waiting = fetch(`${url}/v1/topics/orders/partitions/0/records?offset=0&waitMs=1500`);
  await readerWaits();
  relay.signal('SIGTERM');
  await relay.line('SIGTERM: stopping');
  const refused = await fetch(`${url}/v1/topics`).then(
    (answer) => answer.status,
    () => 'no connection',
  );
  expect([503, 'no connection']).toContain(refused);
  const answer = await waiting;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ records: [], nextOffset: '0' });
  expect(await relay.exited).toEqual({ code: 0, signal: null });
});

test('a request that would outlast the drain is cut, and the lease is given back all the same', async () => {
  const relay = bench.relay({ TIDEMARK_DRAIN_MS: '2000' });
  const url = await relay.url();
  await bench.leaderAfter(0n);
  const waiting = fetch(`${url}/v1/topics/orders/partitions/0/records?offset=0&waitMs=25000`).catch(() => 'cut');
  await readerWaits();
  const askedAt = Date.now();
  relay.signal('SIGTERM');
  expect(await relay.exited).toEqual({ code: 0, signal: null });
  expect(Date.now() - askedAt).toBeLessThan(4_000);
  expect((await bench.status()).leader).toBeNull();
  expect(await waiting).toBe('cut');
});
