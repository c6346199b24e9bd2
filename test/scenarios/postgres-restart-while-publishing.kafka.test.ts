import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { CrashBench } from './harness/crash-bench.ts';
import { OwnPostgres } from './harness/own-postgres.ts';
import { PublishBench } from './harness/publish-bench.ts';
import { soak } from './harness/soak.ts';

// Postgres goes away and comes back while batches are under way: acks that it was to note, leases that were to be prolonged.
const ROUNDS = soak(1, 10);
const HOW = ['planned restart', 'SIGQUIT', 'SIGKILL', 'long outage'] as const;
/** Longer than the lease of a publisher, which is 3 s. */
const OUTAGE_MS = 4_000;
const seed = testSeed();

whereKafkaRuns(describe)('Postgres, restarting while relays publish', () => {
  let kafka: KafkaCluster;
  let postgres: OwnPostgres;
  let bench: PublishBench;

  beforeEach(async () => {
    [kafka, postgres] = await Promise.all([startKafka(), OwnPostgres.start()]);
    bench = await PublishBench.open({ main: { readFrom: kafka.bootstrap } }, await CrashBench.on(postgres.url));
  }, 120_000);

  afterEach(async () => {
    await bench?.close();
    await kafka?.stop();
    await postgres?.remove();
  }, 60_000);

  test(
    `every record is on the cluster once, in its place, and no relay ends (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      const relays = [bench.relay(), bench.relay()];
      const writers = bench.crash.writers({ random: seededRandom(seed + 1), tolerateLoss: true });
      for (const how of Array.from({ length: ROUNDS }, () => HOW).flat()) {
        await eventually(() => bench.progress('main', 50n), 60_000);
        await systemSleep(random() * 300);
        const before = writers.acknowledged.length;
        if (how === 'planned restart') await postgres.restart();
        else if (how === 'long outage') await postgres.restart(() => systemSleep(OUTAGE_MS));
        else await postgres.crash(how);
        await eventually(() => expect(writers.acknowledged.length).toBeGreaterThan(before + 20), 30_000);
      }
      await eventually(() => bench.progress('main', 50n), 60_000);
      expect(relays.map(({ running }) => running)).toEqual([true, true]);
      const records = await bench.expectTruth();
      const { term } = await bench.status('main');
      console.log(
        `${ROUNDS * HOW.length} restarts, ${writers.unknown} transactions cut off, ${term} terms, ${records} records; ` +
          `ends found: ${JSON.stringify(bench.causes(relays))} (SEED=${seed})`,
      );
    },
    soak(150_000, 1_200_000),
  );
});
