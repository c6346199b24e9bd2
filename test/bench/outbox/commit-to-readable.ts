import type { BenchDatabase } from '../bench-server.ts';
import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { openLoop } from '../open-loop.ts';
import { startRoundTripProbe } from './round-trip-probe.ts';
import { JUDGED_RATE, judgeLatency, type MessageTimes } from './judge-latency.ts';
import { type RelayAndTail, startRelayAndTail } from './relay-and-tail.ts';

const RATE_MAX = 64_000;
const WRITERS = 16;
const PAYLOAD_BYTES = 300;

/**
 * Row 6: from the end of a commit until a tailing reader has the record, at a fixed rate of single-message transactions.
 * Writers, sequencer and reader are one process, as in `npm start`. The rate doubles until it cannot be sustained.
 */
export const commitToReadable: Measurement = {
  name: 'latency',
  run: async (bench, found) => {
    for (let rate = JUDGED_RATE; rate <= RATE_MAX; rate *= 2) {
      const database = await bench.server.createDatabase();
      await database.pool(1).query(`select outbox.create_topic('orders')`);
      const { finding, sustained } = await measureRate(bench, database, rate);
      found(finding);
      await database.drop();
      if (!sustained) return;
    }
  },
};

async function measureRate(
  bench: Bench,
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
  const relay = await startRelayAndTail(database, 'orders', (records) => {
    const now = performance.now();
    for (const record of records) times.seen[record.value!.readUInt32BE(0)] = now;
  });
  const probe = startRoundTripProbe(database);
  try {
    await writeAtRate(database, rate, count, times);
    await untilAllSeen(relay, count);
  } finally {
    await relay.stop();
  }
  return judgeLatency({ rate, seconds, writers: WRITERS, payloadBytes: PAYLOAD_BYTES }, times, await probe.stop());
}

async function writeAtRate(database: BenchDatabase, rate: number, count: number, times: MessageTimes): Promise<void> {
  const writers = database.pool(WRITERS);
  await Promise.all(Array.from({ length: WRITERS }, () => writers.query('select 1')));
  await openLoop({ perSecond: rate, count }, async (index, scheduledMs) => {
    const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
    payload.writeUInt32BE(index, 0);
    await writers.pool.query({
      name: 'emit',
      text: `select outbox.emit_bytes('orders', $1, $2)`,
      values: [Buffer.from(`key-${index % 10_000}`), payload],
    });
    times.scheduled[index] = scheduledMs;
    times.committed[index] = performance.now();
  });
}

async function untilAllSeen(relay: RelayAndTail, count: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (relay.seen() < count && performance.now() < deadline) await relay.nextPage();
  if (relay.seen() < count)
    throw new Error(`${count - relay.seen()} of ${count} messages were not readable after 60 s`);
}
