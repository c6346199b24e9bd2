import { kafkaTransport, postgresTransport } from '#libs/sdk';
import type { BenchDatabase } from '../bench-server.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { type BenchKafka, withKafka } from '../kafka/bench-kafka.ts';
import { publishLog } from '../kafka/publish-log.ts';
import { fillOutbox } from '../outbox/fill-outbox.ts';
import { sequenceUpTo } from '../outbox/sequence-backlog.ts';
import { compareSides } from './compare-sides.ts';
import type { ConsumerSide } from './consuming.ts';
import { createEffects, type Effect } from './effect.ts';
import { floorSide } from './floor-side.ts';
import { kafkajsSide } from './kafkajs-side.ts';
import { nestSide } from './nest-side.ts';
import { tidemarkSide } from './tidemark-side.ts';

/** As many as the highest concurrency: kafkajs has no other. */
const PARTITIONS = 16;
const PAYLOAD_BYTES = 300;
const MESSAGES_MAX = 200_000;
const CLUSTER = 'bench';

interface Case {
  readonly effect: Effect;
  readonly concurrency: number;
}

const CASES: readonly Case[] = [
  { effect: 'row', concurrency: 1 },
  { effect: 'row', concurrency: 16 },
  { effect: 'nothing', concurrency: 1 },
  { effect: 'nothing', concurrency: 16 },
  { effect: 'rows', concurrency: 1 },
  { effect: 'rows', concurrency: 16 },
];

/**
 * Messages handled per second from a backlog, by consumers that begin a new group each time. The same messages are in Postgres and
 * on Kafka: a publisher has brought them there.
 */
export const handledPerSecond: Measurement = {
  name: 'handled',
  run: async (bench, found) => {
    const names = bench.options.cases;
    const cases = CASES.filter((each) => names.length === 0 || names.includes(`${each.effect}/${each.concurrency}`));
    await withKafka(bench, async (kafka) => {
      const database = await bench.server.createDatabase();
      try {
        const messages = await fill(bench, kafka, database);
        for (const each of cases) {
          const findings = await compareSides(bench, {
            ...each,
            database,
            messages,
            floor: floorOf(kafka, each.effect),
            sides: sidesOf(kafka, database, each.effect),
            details: { messages, payloadBytes: PAYLOAD_BYTES, partitions: PARTITIONS, kafka: kafka.version },
          });
          findings.forEach(found);
        }
      } finally {
        await database.drop();
      }
    });
  },
};

async function fill(bench: Bench, kafka: BenchKafka, database: BenchDatabase): Promise<number> {
  const db = database.pool(6);
  const messages = Math.min(bench.options.backlog, MESSAGES_MAX);
  await db.query(`select outbox.create_topic('orders', p_partitions => $1)`, [PARTITIONS]);
  await createEffects(db.pool);
  bench.progress(`  filling ${messages} messages`);
  await fillOutbox(db, { topic: 'orders', messages, payloadBytes: PAYLOAD_BYTES, keys: 10_000 });
  await sequenceUpTo(db, messages);
  const publisher = await publishLog({
    db,
    client: kafka.client,
    cluster: CLUSTER,
    compression: 'none',
    records: messages,
  });
  try {
    await publisher.done;
  } finally {
    await publisher.stop();
  }
  return messages;
}

/** Without a row to write kafkajs does no more than hand messages over. */
function floorOf(kafka: BenchKafka, effect: Effect): ConsumerSide {
  if (effect === 'nothing') return kafkajsSide(kafka.bootstrap, `${CLUSTER}.orders`);
  return floorSide(Buffer.from(`{"n":1,"text":"${'tidemark '.repeat(PAYLOAD_BYTES / 9 - 2)}"}`));
}

function sidesOf({ bootstrap }: BenchKafka, { url }: BenchDatabase, effect: Effect): ConsumerSide[] {
  const topic = `${CLUSTER}.orders`;
  const fromKafka = kafkaTransport({ cluster: CLUSTER, bootstrap });
  const fromPostgres = postgresTransport();
  return [
    tidemarkSide({ name: 'Tidemark, Postgres', url, topic: 'orders', transport: fromPostgres, inbox: true }),
    tidemarkSide({ name: 'Tidemark, Postgres, no inbox', url, topic: 'orders', transport: fromPostgres, inbox: false }),
    tidemarkSide({ name: 'Tidemark, Kafka', url, topic, transport: fromKafka, inbox: true }),
    tidemarkSide({ name: 'Tidemark, Kafka, no inbox', url, topic, transport: fromKafka, inbox: false }),
    ...(effect === 'nothing' ? [] : [kafkajsSide(bootstrap, topic)]),
    // It has no batches.
    ...(effect === 'rows' ? [] : [nestSide(bootstrap, topic)]),
  ];
}
