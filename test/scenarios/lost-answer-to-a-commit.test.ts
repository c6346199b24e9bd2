import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';
import type { ProxyConnection } from './harness/proxy-connection.ts';
import { soak } from './harness/soak.ts';

// The connection breaks around a commit of the sequencer, so that it cannot know whether the step is in the log. It must
// find out from Postgres, and neither repeat the step nor leave it out.
const ROUNDS = soak(24, 300);
const OPTIONS = { standbyPollMs: 20, messagesMax: 20, pollMaxMs: 5 };
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

const breaks: Record<string, (step: ProxyConnection) => void | Promise<void>> = {
  'before the step arrives': (step) => step.cut(),
  'when the step is committed and the answer is under way': (step) => step.releaseAndCutBeforeAnswer(),
  'when all but the last byte of the step has arrived': (step) => {
    step.releaseAllBut(1);
    step.cut();
  },
};

test.each(Object.keys(breaks))(
  `connections cut %s: no step is lost or repeated (SEED=${seed})`,
  async (moment) => {
    const random = seededRandom(seed);
    bench.writers({ random: seededRandom(seed + 1) });
    const proxy = await bench.proxy();
    const sequencer = await bench.sequencer(OPTIONS, proxy.url).ready();
    for (let round = 0; round < ROUNDS / 3; round += 1) {
      const { term } = await bench.leaderAfter(0n);
      const skipped = Math.trunc(random() * 4);
      for (let n = 0; n < skipped; n += 1) (await proxy.catchNext('log.commit_step')).release();
      await breaks[moment]!(await proxy.catchNext('log.commit_step'));
      // The same instance leads on, under a new term.
      expect((await bench.leaderAfter(term)).pid).toBe(sequencer.pid);
    }
    await bench.progress();
    expect(sequencer.running).toBe(true);
    await bench.expectTruth();
  },
  soak(60_000, 300_000),
);

test(`a commit whose answer is lost is taken over by the standby as it is (SEED=${seed})`, async () => {
  bench.writers({ random: seededRandom(seed) });
  const proxy = await bench.proxy();
  const leader = await bench.sequencer({ leaseMs: 500 }, proxy.url).ready();
  const { term } = await bench.leaderAfter(0n);
  const standby = await bench.sequencer().ready();
  const step = await proxy.catchNext('log.commit_step');
  const answered = step.releaseAndCutBeforeAnswer();
  await leader.kill();
  await answered;
  expect((await bench.leaderAfter(term)).pid).toBe(standby.pid);
  await bench.progress();
  await bench.expectTruth();
});
