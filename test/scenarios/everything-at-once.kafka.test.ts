import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { type Action, API, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import type { RelayProcess } from './harness/relay-process.ts';
import { soak } from './harness/soak.ts';

// What the other scenarios do one at a time, in random order and on top of each other: relays are killed and paused past
// their lease, the broker is killed and loses the ends of partitions, and the network between them is a bad one throughout.
const EVENTS = soak(6, 100);
const REQUEST_TIMEOUT_MS = 2_000;
/** Records that a partition may lose at a time; some always remain, so that the broker still knows the producer. */
const LOST_MAX = 200;
const TOPICS = { orders: 3, audit: 2 };
const seed = testSeed();

whereKafkaRuns(describe)('relays, a broker and a network, all of them failing', () => {
  const random = seededRandom(seed);
  let kafka: KafkaCluster;
  let bench: PublishBench;
  let relays: RelayProcess[];
  let started: RelayProcess[];

  beforeEach(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
    const settings = { requestTimeoutMs: REQUEST_TIMEOUT_MS };
    bench = await PublishBench.open({
      main: { bootstrap: kafka.bootstrapOf('proxied'), readFrom: kafka.bootstrap, settings },
    });
    relays = [bench.relay(), bench.relay()];
    started = [...relays];
    await bench.publisherAfter('main');
    bench.crash.writers({ random: seededRandom(seed + 1), pauseMaxMs: 40 });
    await bench.progress('main', 1_000n);
  });

  afterEach(async () => {
    await bench?.close();
    await kafka?.stop();
  });

  const events: Readonly<Record<string, () => Promise<void>>> = {
    'relay killed': async () => {
      const victim = Math.trunc(random() * relays.length);
      await relays[victim]!.kill();
      relays[victim] = bench.relay();
      started.push(relays[victim]);
    },
    'publisher paused past its lease': async () => {
      const { term, pid } = await bench.publisherAfter('main');
      const zombie = relays.find((relay) => relay.pid === pid);
      zombie?.signal('SIGSTOP');
      await bench.publisherAfter('main', term);
      zombie?.signal('SIGCONT');
    },
    'broker killed': async () => {
      await kafka.broker(1).kill();
      await kafka.broker(1).start();
    },
    'end of the log lost': async () => {
      const acked = await bench.ackedByPartition('main');
      await kafka.broker(1).kill();
      for (const [topic, partitions] of Object.entries(TOPICS))
        for (let partition = 0; partition < partitions; partition += 1) {
          const keepRecords = Number(acked.get(`${topic}/${partition}`) ?? 0n) - Math.trunc(random() * LOST_MAX);
          if (keepRecords > LOST_MAX) await kafka.broker(1).loseUnflushed(topic, partition, { keepRecords });
        }
      await kafka.broker(1).start();
    },
  };

  test(
    `${EVENTS} events: every record is on the cluster once, in its place (SEED=${seed})`,
    async () => {
      const network = seededRandom(seed + 2);
      kafka.proxy.addRule(({ apiKey }) => (apiKey === API.produce ? badNetwork(network) : undefined));
      const counts: Record<string, number> = {};
      const names = Object.keys(events);
      for (let n = 0; n < EVENTS; n += 1) {
        const name = names[Math.trunc(random() * names.length)]!;
        counts[name] = (counts[name] ?? 0) + 1;
        await events[name]!();
        // Sometimes the next one comes while everybody is still busy with this one.
        if (random() < 0.6) await eventually(() => bench.progress('main', 100n), 60_000);
        await systemSleep(random() * 300);
      }
      kafka.proxy.clearRules();
      const records = await bench.expectTruth();
      console.log(
        `${JSON.stringify(counts)}, ${records} records; ends found: ${JSON.stringify(bench.causes(started))} (SEED=${seed})`,
      );
      expect(relays.map(({ running }) => running)).toEqual([true, true]);
    },
    soak(180_000, 1_800_000),
  );
});

function badNetwork(random: () => number): Action | undefined {
  const dice = random();
  if (dice < 0.01) return 'cut';
  if (dice < 0.015) return 'swallow';
  // Within the time for a request: later ones are what only a broker that knows the producer can refuse.
  if (dice < 0.1) return { delayMs: random() * REQUEST_TIMEOUT_MS * 0.3 };
  return undefined;
}
