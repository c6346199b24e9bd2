import { setTimeout as pause } from 'node:timers/promises';
import { kafkaTransport, postgresTransport } from '#libs/sdk';
import { RelayProcess } from '../../scenarios/harness/relay-process.ts';
import type { BenchDatabase } from '../bench-server.ts';
import type { Finding } from '../finding.ts';
import { type BenchKafka, leaderOf, withKafka } from '../kafka/bench-kafka.ts';
import { PAYLOAD_BYTES, writeOrders, WRITERS } from '../kafka/write-orders.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { judgeLatency, type MessageTimes } from '../outbox/judge-latency.ts';
import { startRoundTripProbe } from '../outbox/round-trip-probe.ts';
import type { ConsumerSide } from './consuming.ts';
import { createEffects } from './effect.ts';
import { kafkajsSide } from './kafkajs-side.ts';
import { nestSide } from './nest-side.ts';
import { tidemarkSide } from './tidemark-side.ts';

const RATE = 1_000;
const PARTITIONS = 16;
const CONCURRENCY = 16;
const ARRIVAL_MS = 60_000;

type MakeSide = (kafka: BenchKafka, url: string, topic: string) => ConsumerSide;

const SIDES: readonly MakeSide[] = [
  (_kafka, url, topic) =>
    tidemarkSide({ name: 'Tidemark, Postgres', url, topic, transport: postgresTransport(), inbox: true }),
  ({ bootstrap }, url, topic) =>
    tidemarkSide({
      name: 'Tidemark, Kafka',
      url,
      topic,
      transport: kafkaTransport({ cluster: 'main', bootstrap }),
      inbox: true,
    }),
  ({ bootstrap }, _url, topic) => kafkajsSide(bootstrap, topic),
  ({ bootstrap }, _url, topic) => nestSide(bootstrap, topic),
];

/**
 * From the end of a commit until the transaction of its handler has committed one row, at a fixed rate of single-message
 * transactions. The relay is a process of its own; writers and consumer are this one, for the sake of one clock.
 */
export const commitToHandled: Measurement = {
  name: 'latency',
  run: async (bench, found) => {
    await withKafka(bench, async (kafka) => {
      for (const [index, make] of SIDES.entries()) {
        const database = await bench.server.createDatabase();
        try {
          // One for each: what is on the cluster already is from another database.
          found(await measureSide(bench, kafka, database, `orders-${index}`, make));
        } finally {
          await database.drop();
        }
      }
    });
  },
};

async function measureSide(
  bench: Bench,
  kafka: BenchKafka,
  database: BenchDatabase,
  topic: string,
  make: MakeSide,
): Promise<Finding> {
  const seconds = 4 * bench.options.seconds;
  const count = RATE * seconds;
  const times: MessageTimes = {
    scheduled: new Float64Array(count),
    committed: new Float64Array(count),
    seen: new Float64Array(count),
  };
  const db = database.pool(CONCURRENCY);
  await db.query('select outbox.create_topic($1, p_partitions => $2)', [topic, PARTITIONS]);
  await createEffects(db.pool);
  const relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
  const side = make(kafka, database.url, topic);
  const failures: unknown[] = [];
  let handled = 0;
  const isOver = (): boolean => handled >= count || failures.length > 0;
  try {
    await relay.url();
    await leaderOf(kafka.client, topic, PARTITIONS);
    const running = await side.start({
      group: 'handlers',
      effect: 'row',
      concurrency: CONCURRENCY,
      pool: db.pool,
      numberOf: (payload) => payload.readUInt32BE(0),
      handled: (n) => {
        times.seen[n] = performance.now();
        handled += 1;
      },
      failed: (error) => failures.push(error),
    });
    const probe = startRoundTripProbe(database);
    let roundTrips: readonly number[] = [];
    try {
      await writeOrders(database.pool(WRITERS), { topic, perSecond: RATE, count }, (index, scheduledMs) => {
        times.scheduled[index] = scheduledMs;
        times.committed[index] = performance.now();
      });
      const deadline = performance.now() + ARRIVAL_MS;
      while (!isOver() && performance.now() < deadline) await pause(5);
    } finally {
      roundTrips = await probe.stop();
      await running.stop();
    }
    if (failures.length > 0) throw new AggregateError(failures, `${side.name} failed while it was measured`);
    if (handled < count) throw new Error(`${count - handled} of ${count} messages were not handled: ${side.name}`);
    return shown(side.name, times, { seconds, roundTrips });
  } finally {
    await relay.kill();
  }
}

function shown(
  name: string,
  times: MessageTimes,
  { seconds, roundTrips }: { readonly seconds: number; readonly roundTrips: readonly number[] },
): Finding {
  const load = { rate: RATE, seconds, writers: WRITERS, payloadBytes: PAYLOAD_BYTES };
  const { finding } = judgeLatency(load, times, roundTrips);
  return {
    ...finding,
    row: '6c',
    what: `${finding.what.replace('readable', 'handled')}: ${name}`,
    target: '',
    met: undefined,
  };
}
