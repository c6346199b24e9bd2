import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import type { RelayProcess } from './harness/relay-process.ts';
import { soak } from './harness/soak.ts';

// Two relays, one of them killed again and again: while it publishes, while it stands by, while it starts or takes over.
// Batches are under way at most of these moments, acked by the broker or not, known to Postgres or not.
const KILLS = soak(10, 120);
const seed = testSeed();

whereKafkaRuns(describe)('a relay that is killed while it publishes', () => {
  let kafka: KafkaCluster;
  let bench: PublishBench;

  beforeEach(async () => {
    kafka = await startKafka();
    bench = await PublishBench.open({ main: { readFrom: kafka.bootstrap } });
  });

  afterEach(async () => {
    await bench?.close();
    await kafka?.stop();
  });

  test(
    `${KILLS} times at random moments: every record is on the cluster once, in its place (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      bench.crash.writers({ random: seededRandom(seed + 1) });
      const all: RelayProcess[] = [];
      const relay = (): RelayProcess => {
        all.push(bench.relay());
        return all.at(-1)!;
      };
      const pair = [relay(), relay()];
      let fallen = 0n;
      let publishersKilled = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Most often somebody publishes when it happens, else it falls into the takeover before, or into a start.
        const publisher = random() < 0.9 ? await bench.publisherAfter('main', fallen) : undefined;
        if (publisher !== undefined && random() < 0.8) await bench.progress('main');
        await systemSleep(random() * 300);
        const publishes = pair.findIndex(({ pid }) => pid === publisher?.pid);
        const victim = publishes >= 0 && random() < 0.75 ? publishes : Math.trunc(random() * 2);
        await pair[victim]!.kill();
        pair[victim] = relay();
        if (publisher === undefined || victim !== publishes) continue;
        publishersKilled += 1;
        fallen = publisher.term;
      }
      const records = await bench.expectTruth();
      const { term } = await bench.status('main');
      console.log(
        `${KILLS} kills, ${publishersKilled} of publishers, ${term} terms, ${records} records; ` +
          `ends found: ${JSON.stringify(bench.causes(all))} (SEED=${seed})`,
      );
      expect(publishersKilled).toBeGreaterThanOrEqual(KILLS / 4);
      // Else no crash came between a broker's ack and its note in Postgres.
      expect(bench.causes(all)['answers-lost']).toBeGreaterThan(0);
    },
    soak(120_000, 1_200_000),
  );
});
