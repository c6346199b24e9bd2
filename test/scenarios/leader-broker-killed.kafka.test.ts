import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { type KafkaCluster, leaderOf, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import { soak } from './harness/soak.ts';

// Three brokers that lose nothing which two of them have (min.insync.replicas 2). The one that leads a partition is killed
// under load, publishing goes on with the others, and it comes back.
const ROUNDS = soak(3, 30);
const seed = testSeed();

whereKafkaRuns(describe)('a leader broker that is killed', () => {
  let kafka: KafkaCluster;
  let bench: PublishBench;

  beforeEach(async () => {
    kafka = await startKafka({ brokers: 3, config: { 'min.insync.replicas': '2' } });
    bench = await PublishBench.open({ main: { readFrom: kafka.bootstrap } });
  }, 120_000);

  afterEach(async () => {
    await bench?.close();
    await kafka?.stop();
  }, 60_000);

  test(
    `${ROUNDS} times under load: every record is on the cluster once, in its place (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      bench.crash.writers({ random: seededRandom(seed + 1), pauseMaxMs: 40 });
      const relay = bench.relay();
      await relay.url();
      for (let round = 0; round < ROUNDS; round += 1) {
        await bench.progress('main', 50n, 60_000);
        await systemSleep(random() * 300);
        const leader = kafka.broker(await leaderOf(kafka.bootstrap, 'orders', Math.trunc(random() * 3)));
        await leader.kill();
        // All partitions again, also those that it led.
        await bench.everyPartitionMoves('main', 60_000);
        await leader.start();
      }
      const records = await bench.expectTruth();
      const ends = JSON.stringify(bench.causes([relay]));
      console.log(`${ROUNDS} leaders killed, ${records} records; ends found: ${ends} (SEED=${seed})`);
      expect(relay.running).toBe(true);
    },
    soak(180_000, 1_800_000),
  );
});
