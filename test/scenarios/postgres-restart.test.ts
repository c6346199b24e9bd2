import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';
import { OwnPostgres } from './harness/own-postgres.ts';
import { soak } from './harness/soak.ts';
import { TopicMaker } from './harness/topic-maker.ts';

// Postgres itself goes away and comes back under load. What it acknowledged as committed is sequenced once; the relay and
// its standby connect again by themselves.
const ROUNDS = soak(1, 10);
const HOW = ['planned restart', 'SIGQUIT', 'SIGKILL'] as const;
const seed = testSeed();

let postgres: OwnPostgres;
let bench: CrashBench;

beforeEach(async () => {
  postgres = await OwnPostgres.start();
  bench = await CrashBench.on(postgres.url);
}, 120_000);

afterEach(async () => {
  await bench.close();
  await postgres.remove();
}, 60_000);

test(
  `restarts and crashes of Postgres under load lose nothing, and end no relay (SEED=${seed})`,
  async () => {
    const random = seededRandom(seed);
    const relay = bench.relay();
    const url = await relay.url();
    const standby = await bench.sequencer().ready();
    const writers = bench.writers({ random: seededRandom(seed + 1), tolerateLoss: true });
    const maker = new TopicMaker(url);
    for (const how of Array.from({ length: ROUNDS }, () => HOW).flat()) {
      await eventually(() => bench.progress(), 30_000);
      await systemSleep(random() * 300);
      const before = writers.acknowledged.length;
      if (how === 'planned restart') await postgres.restart();
      else await postgres.crash(how);
      await eventually(() => expect(writers.acknowledged.length).toBeGreaterThan(before + 20), 30_000);
    }
    await eventually(() => bench.progress(), 30_000);
    expect([relay.running, standby.running]).toEqual([true, true]);
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
    await maker.stop();
    await bench.expectTruth(30_000);
    // A refused or an unavailable database, never an error of our own.
    expect([...maker.statuses].filter((status) => ![201, 503].includes(status))).toEqual([]);
    const topics = await bench.db.query<{ name: string }>('select t.name from outbox.topic t');
    const names = new Set(topics.rows.map((row) => row.name));
    expect(maker.made.filter((name) => !names.has(name))).toEqual([]);
    console.log(
      `${writers.acknowledged.length} messages acknowledged, ${writers.unknown} transactions cut off, ` +
        `${maker.made.length} topics made (SEED=${seed})`,
    );
  },
  soak(120_000, 600_000),
);
