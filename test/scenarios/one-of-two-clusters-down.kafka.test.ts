import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { PublishBench } from './harness/publish-bench.ts';
import { soak } from './harness/soak.ts';

// One relay, two clusters. While one of them is down, and while it catches up, the other gets every record as soon as ever.
const MISSED = BigInt(soak(5_000, 100_000));
/** Records that the healthy cluster may lack at any time: what a busy machine accounts for, and far from what is missed. */
const LAG_MAX = 1_500n;
const seed = testSeed();

whereKafkaRuns(describe)('two clusters, one of which is down for a while', () => {
  let near: KafkaCluster;
  let far: KafkaCluster;
  let bench: PublishBench;

  beforeEach(async () => {
    [near, far] = await Promise.all([startKafka(), startKafka()]);
    bench = await PublishBench.open({
      near: { readFrom: near.bootstrap },
      far: { readFrom: far.bootstrap },
    });
  }, 120_000);

  afterEach(async () => {
    await bench?.close();
    await Promise.all([near?.stop(), far?.stop()]);
  });

  test(
    `the other is never delayed, and both hold the same in the end (SEED=${seed})`,
    async () => {
      bench.crash.writers({ random: seededRandom(seed) });
      const relay = bench.relay();
      await relay.url();
      await Promise.all([bench.progress('near', 100n), bench.progress('far', 100n)]);

      const lags = { before: 0n, down: 0n, after: 0n };
      const watch = async (phase: keyof typeof lags): Promise<bigint> => {
        const lag = await bench.lag('near');
        if (lag > lags[phase]) lags[phase] = lag;
        return await bench.lag('far');
      };
      const start = await bench.acked('far');
      await eventually(async () => {
        await watch('before');
        expect(await bench.acked('far')).toBeGreaterThan(start + 1_000n);
      }, 30_000);
      await far.broker(1).kill();
      await eventually(async () => expect(await watch('down')).toBeGreaterThan(MISSED), soak(60_000, 600_000));
      await far.broker(1).start();
      const startedAt = Date.now();
      await eventually(async () => expect(await watch('after')).toBeLessThan(LAG_MAX), 60_000);
      console.log(
        `more than ${MISSED} records missed, caught up ${Date.now() - startedAt} ms after the start; the other cluster ` +
          `lacked at most ${lags.before} before, ${lags.down} meanwhile, ${lags.after} then (SEED=${seed})`,
      );
      expect(lags.down).toBeLessThan(LAG_MAX);
      expect(lags.after).toBeLessThan(LAG_MAX);
      await bench.expectTruth();
    },
    soak(150_000, 1_200_000),
  );
});
