import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import { readTopics } from './harness/read-cluster-truth.ts';
import { soak } from './harness/soak.ts';

// A single broker acks what is in its cache. It loses power under load: the ends of all partitions are gone, of one of them
// everything. What consumers had read comes again at the offsets where they had read it.
const ROUNDS = soak(2, 20);
const PARTITIONS = [
  ['orders', 0],
  ['orders', 1],
  ['orders', 2],
  ['audit', 0],
  ['audit', 1],
] as const;
const seed = testSeed();

whereKafkaRuns(describe)('a broker that loses what it had not flushed', () => {
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

  /** What a consumer finds at each place. */
  async function readAll(): Promise<Map<string, string | null>> {
    const records = await readTopics(kafka.bootstrap, ['orders', 'audit']);
    return new Map(
      records.map(({ topic, partition, offset, messageId }) => [`${topic}/${partition}@${offset}`, messageId]),
    );
  }

  test(
    `${ROUNDS} times: the same records come back at the same offsets (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      const relay = bench.relay();
      await bench.publisherAfter('main');
      bench.crash.writers({ random: seededRandom(seed + 1) });
      const broker = kafka.broker(1);
      const readBefore: [place: string, messageId: string | null][] = [];
      let lost = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await bench.everyPartitionMoves('main', 60_000);
        await bench.progress('main', 500n);
        const read = await readAll();
        readBefore.push(...read);
        await systemSleep(random() * 200);
        await broker.kill();
        const emptied = Math.trunc(random() * PARTITIONS.length);
        for (const [index, [topic, partition]] of PARTITIONS.entries()) {
          const length = [...read.keys()].filter((place) => place.startsWith(`${topic}/${partition}@`)).length;
          const keepRecords = index === emptied ? 0 : Math.trunc(random() * length);
          const { recordsLost } = await broker.loseUnflushed(topic, partition, { keepRecords });
          expect(recordsLost).toBeGreaterThan(0);
          lost += recordsLost;
        }
        await broker.start();
      }
      const records = await bench.expectTruth();
      const now = await readAll();
      expect(readBefore.filter(([place, id]) => now.get(place) !== id)).toEqual([]);
      const ends = bench.causes([relay]);
      console.log(`${lost} records lost, ${records} in the end; ends found: ${JSON.stringify(ends)} (SEED=${seed})`);
      expect(ends['truncated']).toBeGreaterThanOrEqual(ROUNDS * PARTITIONS.length);
    },
    soak(150_000, 1_200_000),
  );
});
