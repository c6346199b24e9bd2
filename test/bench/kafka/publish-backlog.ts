import type { Compression } from '#libs/foundation/kafka';
import type { Database } from '#libs/foundation/postgres';
import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { rewindLog, sequenceUpTo } from '../outbox/sequence-backlog.ts';
import { compare, type Run } from '../rounds.ts';
import { type BenchKafka, withKafka } from './bench-kafka.ts';
import { fillOrders } from './fill-orders.ts';
import { produceRecorded } from './produce-floor.ts';
import { publishLog } from './publish-log.ts';
import { type PublisherProcess, startPublisher } from './publisher-process.ts';
import { Recording } from './recording.ts';

interface Case {
  readonly payloadBytes: number;
  readonly partitions: number;
  readonly compression: Compression;
}

const SIZES = [300, 1_024, 10_240];
const PARTITIONS = [1, 12, 120];
const COMPRESSIONS: readonly Compression[] = ['none', 'lz4'];
const GRID: readonly Case[] = SIZES.flatMap((payloadBytes) =>
  PARTITIONS.flatMap((partitions) => COMPRESSIONS.map((compression) => ({ payloadBytes, partitions, compression }))),
);
/** Each size, each number of partitions, and lz4 for each size. */
const MAIN = GRID.filter(({ payloadBytes, partitions }) => partitions === 12 || payloadBytes === 300).filter(
  ({ partitions, compression }) => compression === 'none' || partitions === 12,
);
/** What a run holds in memory for its floor. */
const BYTES_MAX = 100_000_000;
const MESSAGES_MAX = 200_000;

/**
 * Row 3: the publisher over a log that is filled already, from its first read until the last record is acked, over
 * producing the same batches from memory. Topics are set up and their ends known before.
 */
export const publishBacklog: Measurement = { name: 'publish', run: (bench, found) => eachCase(bench, found, false) };

/** The same with the sequencer in the same process, from its first look at the outbox. */
export const sequenceAndPublish: Measurement = { name: 'through', run: (bench, found) => eachCase(bench, found, true) };

async function eachCase(bench: Bench, found: (finding: Finding) => void, sequencing: boolean): Promise<void> {
  const cases = chosen(bench.options.cases, sequencing);
  await withKafka(bench, async (kafka) => {
    for (const each of cases) {
      const database = await bench.server.createDatabase();
      const publisher = startPublisher(database.url, kafka.bootstrap);
      try {
        found(await measureCase(bench, kafka, { db: database.pool(6), publisher }, each, sequencing));
      } finally {
        await publisher.stop();
        await database.drop();
      }
    }
  });
}

function chosen(names: readonly string[], sequencing: boolean): readonly Case[] {
  if (names.length === 0) return sequencing ? MAIN.filter(({ compression }) => compression === 'none') : MAIN;
  return GRID.filter((each) => names.includes('all') || names.includes(Object.values(each).join('/')));
}

async function measureCase(
  bench: Bench,
  kafka: BenchKafka,
  { db, publisher }: { readonly db: Database; readonly publisher: PublisherProcess },
  { payloadBytes, partitions, compression }: Case,
  sequencing: boolean,
): Promise<Finding> {
  const messages = Math.min(bench.options.backlog, MESSAGES_MAX, Math.floor(BYTES_MAX / payloadBytes));
  await db.query(`select outbox.create_topic('orders', p_partitions => $1)`, [partitions]);
  await fillOrders(db, { topic: 'orders', messages, payloadBytes });
  await sequenceUpTo(db, messages);
  let round = 0;
  const nextName = (side: string): string => `${side}-${partitions}-${payloadBytes}-${compression}-${(round += 1)}`;
  const publish = async (): Promise<Run> => {
    const cluster = nextName('bench');
    if (sequencing) await rewindLog(db, 0);
    await kafka.createUsedTopic(`${cluster}.orders`, partitions);
    const { ms, cpuSeconds } = await publisher.run({ cluster, compression, partitions, records: messages, sequencing });
    await kafka.deleteTopic(`${cluster}.orders`);
    return { units: messages, ms, elsewhereCpuSeconds: cpuSeconds };
  };
  const recording = await record(kafka, db, { cluster: nextName('recorded'), compression, records: messages });
  const sample = recording.sample();
  const produce = async (): Promise<Run> => {
    const topic = nextName('floor');
    const leader = await kafka.createUsedTopic(topic, partitions);
    const run = await produceRecorded(kafka.client, { topic, leader, compression, records: messages }, sample);
    await kafka.deleteTopic(topic);
    return run;
  };
  const shown = payloadBytes < 1_000 ? `${payloadBytes} bytes` : `${payloadBytes / 1024} kB`;
  return compare({
    row: sequencing ? '3b' : '3',
    what: `${sequencing ? 'outbox to log to Kafka' : 'log to Kafka'}, ${messages.toLocaleString('en')} messages of ${shown}, ${partitions} partitions, ${compression}`,
    unit: 'records',
    rounds: bench.options.rounds,
    measured: publish,
    floor: produce,
    ...(sequencing ? {} : { atLeast: 0.6 }),
    serverPid: bench.server.pid,
    details: {
      messages,
      payloadBytes,
      partitions,
      compression,
      kafka: kafka.version,
      requests: recording.requests,
      recordsPerBatch: messages / recording.batches,
    },
  });
}

/** What a publisher sends for this log. */
async function record(
  kafka: BenchKafka,
  db: Database,
  target: { readonly cluster: string; readonly compression: Compression; readonly records: number },
): Promise<Recording> {
  const recording = new Recording();
  const publisher = await publishLog({ db, client: kafka.client, ...target, recording });
  try {
    await publisher.done;
  } finally {
    await publisher.stop();
  }
  await kafka.deleteTopic(`${target.cluster}.orders`);
  return recording;
}
