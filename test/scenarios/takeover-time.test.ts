import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';
import { soak } from './harness/soak.ts';

// With the settings that a relay has by default: within 5 s of a kill -9 of the leader, within 1 s of a clean stop.
const ROUNDS = soak(2, 20);
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

/** Ends the leader `rounds` times, with a standby ready each time, and answers how long nobody led. */
async function takeoverTimes(rounds: number, end: (pid: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  await bench.sequencer().ready();
  for (let round = 0; round < rounds; round += 1) {
    const standby = await bench.sequencer().ready();
    const leader = await bench.leaderAfter(0n);
    await bench.progress();
    const endedAt = Date.now();
    await end(leader.pid);
    const next = await bench.leaderAfter(leader.term);
    expect(next.pid).toBe(standby.pid);
    times.push(next.since.getTime() - endedAt);
    await bench.progress();
  }
  return times;
}

test(
  `a standby leads within 5 s of a kill -9 of the leader (SEED=${seed})`,
  async () => {
    bench.writers({ random: seededRandom(seed) });
    const times = await takeoverTimes(ROUNDS, (pid) => bench.child(pid).kill());
    for (const ms of times) expect(ms).toBeLessThan(5_000);
    await bench.expectTruth();
  },
  soak(60_000, 300_000),
);

test(
  `a standby leads within 1 s of a clean stop of the leader (SEED=${seed})`,
  async () => {
    bench.writers({ random: seededRandom(seed) });
    const times = await takeoverTimes(ROUNDS * 2, async (pid) => {
      const child = bench.child(pid);
      child.signal('SIGTERM');
      expect(await child.exited).toEqual({ code: 0, signal: null });
    });
    for (const ms of times) expect(ms).toBeLessThan(1_000);
    await bench.expectTruth();
  },
  soak(60_000, 300_000),
);
