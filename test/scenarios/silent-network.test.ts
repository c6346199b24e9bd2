import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';

// The network between a sequencer and Postgres goes silent: no answer, no reset, as when a router forgets a connection.
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

test(`a leader that is cut off in silence is replaced within 5 s (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const proxy = await bench.proxy();
  await bench.sequencer({}, proxy.url).ready();
  const { term } = await bench.leaderAfter(0n);
  const standby = await bench.sequencer().ready();
  await bench.progress();
  const silentSince = Date.now();
  proxy.silenceAll();
  const next = await bench.leaderAfter(term);
  expect(next.pid).toBe(standby.pid);
  expect(next.since.getTime() - silentSince).toBeLessThan(5_000);
  await bench.progress();
  await bench.expectTruth();
});

test.each(['log.commit_step', 'log.acquire_lease', 'log.renew_lease'])(
  `a %s whose last byte never arrives holds no lock (SEED=${seed})`,
  async (statement) => {
    const proxy = await bench.proxy();
    const caught = proxy.catchNext(statement);
    if (statement === 'log.commit_step') bench.writers({ random: seededRandom(seed) });
    await bench.sequencer({ leaseMs: 500, pollMaxMs: 5 }, proxy.url).ready();
    const sent = await caught;
    proxy.silenceAll();
    sent.releaseAllBut(1);
    const { term } = await bench.status();
    const standby = await bench.sequencer().ready();
    expect((await bench.leaderAfter(term, 5_000)).pid).toBe(standby.pid);
    if (statement !== 'log.commit_step') bench.writers({ random: seededRandom(seed) });
    await bench.progress();
    await bench.expectTruth();
  },
);

test(`a sequencer that is alone gives up a silent connection and goes on with another (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const proxy = await bench.proxy();
  const sequencer = await bench.sequencer({}, proxy.url).ready();
  const { term } = await bench.leaderAfter(0n);
  await bench.progress();
  proxy.silenceAll();
  expect((await bench.leaderAfter(term, 20_000)).pid).toBe(sequencer.pid);
  await bench.progress();
  await bench.expectTruth();
});
