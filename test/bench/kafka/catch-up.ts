import { setTimeout as pause } from 'node:timers/promises';
import { RelayProcess } from '../../scenarios/harness/relay-process.ts';
import type { Database } from '#libs/foundation/postgres';
import type { Measurement } from '../measurement.ts';
import { sequenceUpTo } from '../outbox/sequence-backlog.ts';
import { perSecond } from '../rounds.ts';
import { percentile } from '../statistics.ts';
import { withKafka } from './bench-kafka.ts';
import { fillOrders } from './fill-orders.ts';
import { mostRssBytes } from './process-memory.ts';
import { PAYLOAD_BYTES, writeOrders, WRITERS } from './write-orders.ts';

const PARTITIONS = 12;
const RATE = 500;
const SLICE_SECONDS = 1;
const POLL_MS = 50;
const WITHIN_MS = 600_000;

/** A cluster that was away: how fast a relay publishes a backlog that is in the log, while writers go on as before. */
export const catchUp: Measurement = {
  name: 'catch-up',
  run: async (bench, found) => {
    await withKafka(bench, async (kafka) => {
      const database = await bench.server.createDatabase();
      const db = database.pool(3);
      const messages = bench.options.backlog;
      await db.query(`select outbox.create_topic('orders', p_partitions => $1)`, [PARTITIONS]);
      bench.progress(`  filling ${messages} messages`);
      await fillOrders(db, { topic: 'orders', messages, payloadBytes: PAYLOAD_BYTES });
      await sequenceUpTo(db, messages);
      const commits: number[] = [];
      const writers = database.pool(WRITERS);
      const end = new AbortController();
      const writing = (async () => {
        const slice = { topic: 'orders', perSecond: RATE, count: RATE * SLICE_SECONDS };
        while (!end.signal.aborted)
          await writeOrders(writers, slice, (_, scheduledMs) => commits.push(performance.now() - scheduledMs));
      })();
      const relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
      try {
        const startedAt = performance.now();
        const first = await ackedBeyond(db, 0);
        const backlog = await ackedBeyond(db, messages);
        const level = await ackedBeyond(db, undefined);
        const rate = (backlog.acked - first.acked) / ((backlog.at - first.at) / 1_000);
        const most = await mostRssBytes(relay.pid);
        found({
          row: '8k',
          what: `catch up with ${messages.toLocaleString('en')} messages of ${PAYLOAD_BYTES} bytes, ${PARTITIONS} partitions, while ${RATE} more come per second`,
          measured: `${perSecond(rate, 'records')}; level ${((level.at - startedAt) / 1_000).toFixed(1)} s after the relay was started; the relay took ${((most ?? NaN) / 1e6).toFixed(0)} MB at most`,
          floor: `schedule to commit p50 ${percentile(commits, 0.5).toFixed(1)} ms, p99 ${percentile(commits, 0.99).toFixed(1)} ms`,
          target: '',
          details: {
            messages,
            writers: WRITERS,
            writesPerSecond: RATE,
            partitions: PARTITIONS,
            rate,
            mostRssBytes: most,
            kafka: kafka.version,
          },
        });
      } finally {
        end.abort();
        await writing;
        await relay.kill();
        await database.drop();
      }
    });
  },
};

/** When so many records were on the cluster as far as Postgres knows; all that are in the log when `records` is undefined. */
async function ackedBeyond(db: Database, records: number | undefined): Promise<{ at: number; acked: number }> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const { rows } = await db.query<{ acked: string; sequenced: string }>(
      `select coalesce((select sum(acked_offset) from log.cluster_partition), 0) as acked,
              (select coalesce(sum(next_offset), 0) from log.head) as sequenced`,
    );
    const [acked, sequenced] = [Number(rows[0]!.acked), Number(rows[0]!.sequenced)];
    // Progress is written five times a second: what came within half a second is not behind.
    const reached = records === undefined ? acked >= sequenced - RATE / 2 : acked > records || acked === sequenced;
    if (reached) return { at: performance.now(), acked };
    if (performance.now() > deadline)
      throw new Error(`${acked} of ${sequenced} records are acked after ${WITHIN_MS} ms`);
    await pause(POLL_MS);
  }
}
