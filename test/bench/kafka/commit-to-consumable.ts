import { setTimeout as pause } from 'node:timers/promises';
import { RelayProcess } from '../../scenarios/harness/relay-process.ts';
import type { BenchDatabase } from '../bench-server.ts';
import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { judgeLatency, type MessageTimes } from '../outbox/judge-latency.ts';
import { startRoundTripProbe } from '../outbox/round-trip-probe.ts';
import { type BenchKafka, leaderOf, withKafka } from './bench-kafka.ts';
import { consume, type Consuming } from './consume.ts';
import { PAYLOAD_BYTES, writeOrders, WRITERS } from './write-orders.ts';

/** All up to the last of them are measured; those behind it only while the one before was sustained. */
const RATES = [100, 1_000, 2_000, 3_000, 4_000, 5_000, 7_000, 10_000, 14_000, 20_000];
const MEASURED_ANYWAY = [100, 1_000, 5_000];
const PARTITIONS = 12;
const ARRIVAL_MS = 60_000;

/**
 * From the end of a commit until a consumer has the record from Kafka, at a fixed rate of single-message transactions. The
 * relay is a process of its own, as people run it; writers and consumer are this one, for the sake of one clock.
 */
export const commitToConsumable: Measurement = {
  name: 'latency',
  run: async (bench, found) => {
    await withKafka(bench, async (kafka) => {
      let keptUp = true;
      for (const rate of RATES) {
        if (!keptUp && !MEASURED_ANYWAY.includes(rate)) continue;
        const database = await bench.server.createDatabase();
        try {
          const { finding, sustained } = await measureRate(bench, kafka, database, rate);
          found({
            ...finding,
            row: '6k',
            what: finding.what.replace('readable', 'consumable'),
            target: '',
            met: undefined,
          });
          keptUp &&= sustained;
        } finally {
          await database.drop();
        }
      }
    });
  },
};

async function measureRate(
  bench: Bench,
  kafka: BenchKafka,
  database: BenchDatabase,
  rate: number,
): Promise<{ finding: Finding; sustained: boolean }> {
  const seconds = 4 * bench.options.seconds;
  const count = rate * seconds;
  const times: MessageTimes = {
    scheduled: new Float64Array(count),
    committed: new Float64Array(count),
    seen: new Float64Array(count),
  };
  // One for each rate: what is on the cluster already is from another database.
  const topic = `orders-${rate}`;
  await database.pool(1).query('select outbox.create_topic($1, p_partitions => $2)', [topic, PARTITIONS]);
  const relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
  await relay.url();
  const leader = await leaderOf(kafka.client, topic, PARTITIONS);
  const consuming = consume(kafka.client, { topic, partitions: PARTITIONS, leader }, (records) => {
    const now = performance.now();
    for (const { value } of records) times.seen[value!.readUInt32BE(0)] = now;
  });
  const probe = startRoundTripProbe(database);
  let roundTrips: readonly number[] = [];
  try {
    await writeOrders(database.pool(WRITERS), { topic, perSecond: rate, count }, (index, scheduledMs) => {
      times.scheduled[index] = scheduledMs;
      times.committed[index] = performance.now();
    });
    await untilAllSeen(consuming, count);
  } finally {
    roundTrips = await probe.stop();
    await relay.kill();
    await consuming.stop();
  }
  return judgeLatency({ rate, seconds, writers: WRITERS, payloadBytes: PAYLOAD_BYTES }, times, roundTrips);
}

async function untilAllSeen(consuming: Consuming, count: number): Promise<void> {
  const deadline = performance.now() + ARRIVAL_MS;
  while (consuming.seen() < count && performance.now() < deadline) await pause(5);
  if (consuming.seen() < count)
    throw new Error(`${count - consuming.seen()} of ${count} messages were not consumable after ${ARRIVAL_MS} ms`);
}
