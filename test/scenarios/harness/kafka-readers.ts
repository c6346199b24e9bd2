import { type Compression } from '#libs/foundation/kafka';
import { consoleConsumer, kcat, kcatMissing, type KafkaCluster, type ReadRecord } from '#libs/foundation/testing-kafka';
import { Consumer } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';

export interface ToRead {
  readonly topic: string;
  /** Records of each partition, in order of partitions. */
  readonly counts: readonly number[];
}

export interface KafkaReader {
  readonly name: string;
  /** Why it cannot read records compressed like this here; undefined when it can. */
  readonly missing: (compression: Compression) => string | undefined;
  /** All records of a topic, whatever their order across partitions. */
  readonly read: (kafka: KafkaCluster, wanted: ToRead) => Promise<readonly ReadRecord[]>;
}

const READ_MS = 30_000;
const total = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);

/** Programs with Kafka clients of different origin. */
export const KAFKA_READERS: readonly KafkaReader[] = [
  { name: 'the Java console consumer', missing: () => undefined, read: byPartition(consoleConsumer) },
  { name: 'kcat', missing: kcatMissing, read: byPartition((_, wanted) => kcat(wanted)) },
  {
    name: 'kafkajs',
    missing: (compression) =>
      compression === 'none' || compression === 'gzip' ? undefined : `kafkajs has no ${compression}`,
    read: readWithKafkaJs,
  },
  { name: '@platformatic/kafka', missing: () => undefined, read: readWithPlatformatic },
];

function byPartition(
  read: (
    distribution: KafkaCluster['distribution'],
    wanted: { bootstrap: string; topic: string; partition: number; count: number },
  ) => Promise<ReadRecord[]>,
): KafkaReader['read'] {
  return async ({ distribution, bootstrap }, { topic, counts }) => {
    const all = await Promise.all(
      counts.map(async (count, partition) =>
        count === 0 ? [] : await read(distribution, { bootstrap, topic, partition, count }),
      ),
    );
    return all.flat();
  };
}

async function readWithKafkaJs(kafka: KafkaCluster, { topic, counts }: ToRead): Promise<ReadRecord[]> {
  const client = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `kafkajs-of-${topic}` });
  const records: ReadRecord[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`kafkajs read ${records.length} records of ${topic}`)), READ_MS);
      // It starts again by itself after what passes, such as a coordinator that is loading.
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      void consumer.run({
        eachMessage: async ({ partition, message }) => {
          const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
          const { offset, timestamp, key, value } = message;
          records.push({ partition, offset: BigInt(offset), timestamp: BigInt(timestamp), key, value, headers });
          if (records.length < total(counts)) return;
          clearTimeout(timer);
          resolve();
        },
      });
    });
    return records;
  } finally {
    await consumer.disconnect();
  }
}

async function readWithPlatformatic(kafka: KafkaCluster, { topic, counts }: ToRead): Promise<ReadRecord[]> {
  const consumer = new Consumer({
    clientId: 'reader',
    groupId: `platformatic-of-${topic}`,
    bootstrapBrokers: kafka.bootstrap.split(','),
  });
  const records: ReadRecord[] = [];
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 });
    await new Promise<void>((resolve, reject) => {
      const late = (): void => reject(new Error(`read ${records.length} records of ${topic}`));
      const timer = setTimeout(late, READ_MS);
      stream.on('error', reject);
      stream.on('data', ({ partition, offset, timestamp, key, value, headers: given }) => {
        const headers = [...given].map(([name, text]) => [String(name), String(text)] as const);
        records.push({ partition, offset, timestamp, key: key ?? null, value: value ?? null, headers });
        if (records.length < total(counts)) return;
        clearTimeout(timer);
        resolve();
      });
    });
    await stream.close();
    return records;
  } finally {
    await consumer.close(true);
  }
}
