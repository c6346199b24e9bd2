import { type IHeaders, Kafka, logLevel } from 'kafkajs';
import type { Database } from '#libs/foundation/postgres';
import type { LoggedRecord, PlacedRun, ReadRecord } from './cluster-truth.ts';

const READ_MS = 60_000;

/** Everything of the topics that the cluster has, up to its high watermarks, read with kafkajs. */
export async function readTopics(bootstrap: string, topics: readonly string[]): Promise<ReadRecord[]> {
  const kafka = new Kafka({
    clientId: 'tidemark scenario',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 30, maxRetryTime: 1_000 },
  });
  const missing = await highWatermarks(kafka, topics);
  // By place: a consumer that starts again reads some records twice.
  const records = new Map<string, ReadRecord>();
  if (missing.size === 0) return [];
  const consumer = kafka.consumer({ groupId: `scenario-${Math.random()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await within(READ_MS, missing, (resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      void consumer
        .run({
          eachMessage: ({ topic, partition, message }) => {
            const offset = BigInt(message.offset);
            const { key, value } = message;
            const messageId = headerText(message.headers, 'tidemark-message-id');
            records.set(`${topic}/${partition}@${offset}`, { topic, partition, offset, messageId, key, value });
            if (offset + 1n >= (missing.get(`${topic}/${partition}`) ?? 0n)) missing.delete(`${topic}/${partition}`);
            if (missing.size === 0) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return [...records.values()];
}

/** What the log in Postgres has of the topics. */
export async function readLog(db: Database, topics: readonly string[]): Promise<LoggedRecord[]> {
  const { rows } = await db.query<{
    topic: string;
    partition: number;
    offset: string;
    message_id: string;
    key: Buffer | null;
    payload: Buffer | null;
  }>(
    `select t.name as topic, b.partition, b.base_offset + p.n - 1 as "offset", m.message_id, m.key, m.payload
     from log.batch b
     join outbox.topic t on t.id = b.topic_id
     cross join lateral unnest(b.positions) with ordinality p (id, n)
     left join outbox.message m on m.id = p.id
     where t.name = any ($1)`,
    [topics],
  );
  return rows.map(({ topic, partition, offset, message_id, key, payload }) => ({
    topic,
    partition,
    offset: BigInt(offset),
    messageId: message_id,
    key,
    value: payload,
  }));
}

/** Where Postgres says that records lie on the cluster. */
export async function readRuns(db: Database, cluster: string, topics: readonly string[]): Promise<PlacedRun[]> {
  const { rows } = await db.query<{ topic: string; partition: number; from_offset: string; delta: string }>(
    `select t.name as topic, s.partition, s.from_offset, s.delta
     from log.cluster_segment s
     join log.cluster c on c.id = s.cluster_id
     join outbox.topic t on t.id = s.topic_id
     where c.name = $1 and t.name = any ($2)`,
    [cluster, topics],
  );
  return rows.map(({ topic, partition, from_offset, delta }) => ({
    topic,
    partition,
    fromOffset: BigInt(from_offset),
    delta: BigInt(delta),
  }));
}

/** Of the partitions that are not empty. */
async function highWatermarks(kafka: Kafka, topics: readonly string[]): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map<string, bigint>();
  try {
    for (const topic of topics)
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic))
        if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
  } finally {
    await admin.disconnect();
  }
  return ends;
}

async function within(
  ms: number,
  missing: ReadonlyMap<string, bigint>,
  work: (resolve: () => void, reject: (error: Error) => void) => void,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const late = (): void => reject(new Error(`not read within ${ms} ms: up to ${[...missing].join(' ')}`));
      timer = setTimeout(late, ms);
      work(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

function headerText(headers: IHeaders | undefined, name: string): string | null {
  const value = headers?.[name];
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(' and ') : value.toString();
}
