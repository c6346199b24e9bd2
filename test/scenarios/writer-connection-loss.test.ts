import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { readHorizonHolders } from '#libs/stores/outbox';
import { CrashBench } from './harness/crash-bench.ts';
import { soak } from './harness/soak.ts';
import type { TcpProxy } from './harness/tcp-proxy.ts';

// Services lose their connections in the middle of transactions. Nothing of an unfinished one may appear, and what it leaves
// behind may not keep the messages of others from being sequenced.
const CUTS = soak(40, 500);
const seed = testSeed();

let bench: CrashBench;
let proxy: TcpProxy;
let service: Database;

beforeEach(async () => {
  bench = await CrashBench.open();
  proxy = await bench.proxy();
  service = new Database({ url: proxy.url, poolMax: 2 });
  await bench.sequencer().ready();
});

afterEach(async () => {
  await service.close();
  await bench.close();
});

/** A transaction of one message through the proxy; answers its message id, or undefined where it never got one. */
async function emitOnce(): Promise<{ id: string | undefined; failed: boolean }> {
  let id: string | undefined;
  try {
    await service.transaction(async (tx) => {
      const result = await tx.query<{ id: string }>(`select outbox.emit('orders', 'mine', '{}') as id`);
      id = result.rows[0]!.id;
    });
    return { id, failed: false };
  } catch (error) {
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    return { id, failed: true };
  }
}

async function times(messageId: string): Promise<number> {
  const result = await bench.db.query('select 1 from outbox.message where message_id = $1', [messageId]);
  return result.rowCount ?? 0;
}

test('a connection cut before the commit leaves no message and does not hold the horizon', async () => {
  const commit = proxy.catchNext('commit\0');
  const emitted = emitOnce();
  const caught = await commit;
  await bench.db.query(`select outbox.emit('orders', 'other', '{}')`);
  expect((await bench.status()).lagMessages).toBe(1n);
  caught.cut();
  const { id, failed } = await emitted;
  expect(failed).toBe(true);
  expect(await times(id!)).toBe(0);
  await bench.caughtUp();
  expect((await bench.expectTruth()).messages).toHaveLength(1);
});

test('a commit whose answer is lost leaves its message, once', async () => {
  const commit = proxy.catchNext('commit\0');
  const emitted = emitOnce();
  await (await commit).releaseAndCutBeforeAnswer();
  const { id, failed } = await emitted;
  expect(failed).toBe(true);
  expect(await times(id!)).toBe(1);
  expect((await bench.expectTruth()).messages).toHaveLength(1);
});

test('a writer that has fallen silent is named as the holder of the horizon, which moves when it is ended', async () => {
  const commit = proxy.catchNext('commit\0');
  const emitted = emitOnce();
  await commit;
  proxy.silenceAll();
  await bench.db.query(`select outbox.emit('orders', 'other', '{}')`);
  const [holder, ...others] = await readHorizonHolders(bench.db);
  expect(others).toEqual([]);
  expect(holder).toMatchObject({ state: 'idle in transaction', query: expect.stringContaining('outbox.emit') });
  expect((await bench.status()).lagMessages).toBe(1n);
  // What an operator does with the pid that the API shows.
  await bench.db.query('select pg_terminate_backend($1)', [holder!.pid]);
  await bench.caughtUp();
  proxy.cutAll();
  expect((await emitted).failed).toBe(true);
  expect((await bench.expectTruth()).messages).toHaveLength(1);
});

test(
  `${CUTS} cuts at random moments of running writers leave whole transactions only (SEED=${seed})`,
  async () => {
    const random = seededRandom(seed);
    const steady = bench.writers({ random: seededRandom(seed + 1), writers: 2 });
    const cut = bench.writers({ random: seededRandom(seed + 2), tolerateLoss: true, pauseMaxMs: 5 }, proxy.url);
    for (let n = 0; n < CUTS; n += 1) {
      const before = cut.unknown;
      await systemSleep(random() * 30);
      await eventually(() => {
        proxy.cutAll();
        expect(cut.unknown).toBeGreaterThan(before);
      });
    }
    await steady.stop();
    const truth = await bench.expectTruth();
    expect(cut.unknown).toBeGreaterThanOrEqual(CUTS);
    expect(truth.messages.length).toBeGreaterThan(CUTS);
  },
  soak(60_000, 300_000),
);
