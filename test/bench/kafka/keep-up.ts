import { setTimeout as pause } from 'node:timers/promises';
import { RelayProcess } from '../../scenarios/harness/relay-process.ts';
import type { Database } from '#libs/foundation/postgres';
import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { makeRoom } from '../outbox/fill-outbox.ts';
import { type BenchKafka, leaderOf, withKafka } from './bench-kafka.ts';
import { PAYLOAD_BYTES } from './write-orders.ts';

const RATES = [5_000, 10_000, 20_000, 30_000, 40_000, 60_000, 80_000, 120_000];
const PARTITIONS = 12;
const INSERTS_A_SECOND = 20;
/** A relay that is further behind at the end than what comes in so many ms does not keep up. */
const BEHIND_MS = 500;

/**
 * Up to which rate a relay keeps up, sequencing and publishing. Rows are inserted in bulk, as emit would have written them, since
 * business transactions would be what gives in first.
 */
export const keepUp: Measurement = {
  name: 'keep-up',
  run: async (bench, found) => {
    await withKafka(bench, async (kafka) => {
      for (const rate of RATES) {
        const finding = await measureRate(bench, kafka, rate);
        found(finding);
        if (finding.met === false) break;
      }
    });
  },
};

async function measureRate(bench: Bench, kafka: BenchKafka, rate: number): Promise<Finding> {
  const database = await bench.server.createDatabase();
  const db = database.pool(2);
  const topic = `rate-${rate}`;
  const seconds = 2 * bench.options.seconds;
  await db.query('select outbox.create_topic($1, p_partitions => $2)', [topic, PARTITIONS]);
  await makeRoom(db, rate * (seconds + 1));
  const relay = new RelayProcess(database.url, { TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });
  try {
    await relay.url();
    const leader = await leaderOf(kafka.client, topic, PARTITIONS);
    const behind: number[] = [];
    let [insertedMs, last] = [0, 0];
    const startedAt = performance.now();
    for (let index = 0; index < INSERTS_A_SECOND * seconds; index += 1) {
      const dueAt = startedAt + (index * 1_000) / INSERTS_A_SECOND;
      await pause(Math.max(0, dueAt - performance.now()));
      behind.push(last - (await published(kafka, leader, topic)));
      last = await insertOrders(db, { topic, count: rate / INSERTS_A_SECOND, last });
      insertedMs = performance.now() - dueAt;
    }
    const atEnd = behind.slice(-INSERTS_A_SECOND).toSorted((a, b) => a - b)[INSERTS_A_SECOND / 2]!;
    const writersBehind = insertedMs > BEHIND_MS;
    const kept = atEnd <= (rate * BEHIND_MS) / 1_000;
    return {
      row: '9k',
      what: `keep up with ${rate.toLocaleString('en')} messages/s of ${PAYLOAD_BYTES} bytes, ${PARTITIONS} partitions`,
      measured: `${atEnd} of ${rate / INSERTS_A_SECOND} not on the cluster when the next came${writersBehind ? '; inserting fell behind' : ''}`,
      floor: '',
      target: '',
      ...(kept && !writersBehind ? {} : { met: false }),
      details: { rate, seconds, partitions: PARTITIONS, behind, insertedMs, kafka: kafka.version },
    };
  } finally {
    await relay.kill();
    await database.drop();
  }
}

/** Records that consumers can have. */
async function published(kafka: BenchKafka, leader: number, topic: string): Promise<number> {
  const all = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
  const ends = await kafka.client.listOffsets(leader, all, 'latest');
  return ends.reduce((sum, { offset }) => sum + Number(offset), 0);
}

/** As emit would have written them, behind `last`; nobody else may write meanwhile. Returns the last position. */
async function insertOrders(
  db: Database,
  { topic, count, last }: { readonly topic: string; readonly count: number; readonly last: number },
): Promise<number> {
  await db.query(
    `insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
     select $1::bigint + n, t.id, null, null, clock_timestamp(), outbox.new_message_id(),
            convert_to('key-' || ($1 + n) % 10000, 'UTF8'), null, $4::bytea
     from outbox.topic t, generate_series(1, $2::integer) n where t.name = $3`,
    [last, count, topic, Buffer.alloc(PAYLOAD_BYTES, 'x')],
  );
  // When they are committed: the sequencer takes every position up to it for final.
  await db.query(`select setval('outbox.position', $1)`, [last + count]);
  return last + count;
}
