import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import {
  type Action,
  API,
  type Frame,
  type KafkaCluster,
  startKafka,
  whereKafkaRuns,
} from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import { soak } from './harness/soak.ts';

// Between the relay and its broker, produce requests and their answers are delayed, lost and repeated at random: also long
// enough for a request to arrive when the relay has given it up and sent the same records again.
const FAULTS = soak(150, 1_500);
const REQUEST_TIMEOUT_MS = 1_000;
const seed = testSeed();

whereKafkaRuns(describe)('produce requests on a bad network', () => {
  let kafka: KafkaCluster;
  let bench: PublishBench;

  beforeEach(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
    const settings = { requestTimeoutMs: REQUEST_TIMEOUT_MS };
    bench = await PublishBench.open({
      main: { bootstrap: kafka.bootstrapOf('proxied'), readFrom: kafka.bootstrap, settings },
    });
  });

  afterEach(async () => {
    await bench?.close();
    await kafka?.stop();
  });

  test(
    `${FAULTS} delays, losses and repetitions: every record is on the cluster once, in its place (SEED=${seed})`,
    async () => {
      const faults = new Map<string, number>();
      const count = (): number => [...faults.values()].reduce((sum, each) => sum + each, 0);
      const choose = badNetwork(seededRandom(seed));
      kafka.proxy.addRule((frame) => {
        const fault = frame.apiKey === API.produce && count() < FAULTS ? choose(frame) : undefined;
        if (fault === undefined) return undefined;
        faults.set(fault.name, (faults.get(fault.name) ?? 0) + 1);
        return fault.action;
      });
      bench.crash.writers({ random: seededRandom(seed + 1) });
      const relay = bench.relay();
      await relay.url();
      await eventually(() => expect(count()).toBe(FAULTS), soak(80_000, 1_200_000));
      const records = await bench.expectTruth();
      const ends = JSON.stringify(bench.causes([relay]));
      console.log(
        `${JSON.stringify(Object.fromEntries(faults))}, ${records} records; ends found: ${ends} (SEED=${seed})`,
      );
      expect(faults.size).toBeGreaterThanOrEqual(6);
    },
    soak(150_000, 1_500_000),
  );
});

interface Fault {
  readonly name: string;
  readonly action: Action;
}

/** What becomes of a frame: most of them pass. */
function badNetwork(random: () => number): (frame: Frame) => Fault | undefined {
  return ({ direction }) => {
    const dice = random();
    if (dice < 0.03) return { name: `${direction} cut`, action: 'cut' };
    if (dice < 0.045) return { name: `${direction} swallowed`, action: 'swallow' };
    if (dice < 0.06)
      return { name: `${direction} late`, action: { delayMs: REQUEST_TIMEOUT_MS * (0.5 + random() * 2) } };
    if (dice < 0.12) return { name: 'delay', action: { delayMs: random() * 50 } };
    if (dice < 0.18 && direction === 'request')
      return { name: 'repeated', action: { repeat: 1 + Math.trunc(random() * 3), afterMs: random() * 3_000 } };
    return undefined;
  };
}
