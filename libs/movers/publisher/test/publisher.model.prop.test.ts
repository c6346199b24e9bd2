import { describe, expect, test } from '@jest/globals';
import { testSeed } from '#libs/foundation/testing';
import { runSchedule } from './fake/schedule.ts';

const seed = testSeed();
const RUNS = process.env['TIDEMARK_SOAK'] === '1' ? 3_000 : 100;

describe(`Publisher under random faults (SEED=${seed})`, () => {
  test('leaves each record of the log on the cluster once, in order, where the segments say', async () => {
    for (let run = 0; run < RUNS; run += 1) {
      const outcome = await runSchedule(seed + run);
      // One failing run is printed whole: SEED=<its seed> runs it first.
      expect({ seed: seed + run, ...outcome }).toEqual({ seed: seed + run, differences: [], stuck: [], story: [] });
    }
  });
});
