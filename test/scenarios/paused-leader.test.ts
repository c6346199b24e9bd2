import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';

// A leader that is stopped (SIGSTOP, a long pause of the machine) does not know that its term is over when it wakes up.
const TAKEOVER_MS = 5_000;
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

test(`a paused leader is replaced within 5 s, and commits nothing when it goes on (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const paused = await bench.sequencer().ready();
  const { term } = await bench.leaderAfter(0n);
  await bench.progress();
  const standby = await bench.sequencer().ready();

  const pausedAt = Date.now();
  paused.signal('SIGSTOP');
  const next = await bench.leaderAfter(term);
  expect(next.pid).toBe(standby.pid);
  expect(next.since.getTime() - pausedAt).toBeLessThan(TAKEOVER_MS);
  await bench.progress(20);

  paused.signal('SIGCONT');
  // It takes its next step under the old term, is refused, and stands by.
  await paused.line(`leads no more ${term} lease lost`);
  await bench.progress(20);
  expect((await bench.status()).term).toBe(next.term);

  // It leads again when its turn comes.
  standby.signal('SIGTERM');
  expect(await standby.exited).toEqual({ code: 0, signal: null });
  expect((await bench.leaderAfter(next.term)).pid).toBe(paused.pid);
  await bench.progress();
  await bench.expectTruth();
});

test(`a step that was under way for the whole of a takeover is refused when it arrives (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const proxy = await bench.proxy();
  const paused = await bench.sequencer({ leaseMs: 500 }, proxy.url).ready();
  const { term } = await bench.leaderAfter(0n);
  const step = await proxy.catchNext('log.commit_step');
  const standby = await bench.sequencer().ready();
  paused.signal('SIGSTOP');
  const next = await bench.leaderAfter(term);
  expect(next.pid).toBe(standby.pid);
  await bench.progress(20);
  const before = await bench.status();

  step.release();
  paused.signal('SIGCONT');
  await paused.line(`leads no more ${term} lease lost`);
  expect((await bench.status()).cursor).toBeGreaterThanOrEqual(before.cursor);
  await bench.expectTruth();
});

test('a paused standby does not keep the leader from working', async () => {
  bench.writers({ random: seededRandom(seed) });
  const leader = await bench.sequencer().ready();
  const { term } = await bench.leaderAfter(0n);
  const standby = await bench.sequencer().ready();
  standby.signal('SIGSTOP');
  await bench.progress(50);
  standby.signal('SIGCONT');
  leader.signal('SIGTERM');
  await leader.exited;
  await eventually(async () => expect((await bench.leaderAfter(term)).pid).toBe(standby.pid), TAKEOVER_MS);
  await bench.expectTruth();
});
