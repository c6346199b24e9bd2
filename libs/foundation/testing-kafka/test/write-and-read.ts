import { Producer, ProduceAcks, stringSerializers } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';

/** Writes the values to partition 0 with @platformatic/kafka, each in a batch of its own. */
export async function write(bootstrap: string, topic: string, values: readonly string[]): Promise<void> {
  const producer = new Producer({
    clientId: 'test writer',
    bootstrapBrokers: bootstrap.split(','),
    serializers: stringSerializers,
    retries: 60,
    retryDelay: 250,
    timeout: 5_000,
  });
  try {
    for (const value of values)
      await producer.send({ messages: [{ topic, partition: 0, value }], acks: ProduceAcks.ALL });
  } finally {
    await producer.close();
  }
}

/** The first `count` values of partition 0, read with kafkajs. */
export async function read(bootstrap: string, topic: string, count: number): Promise<string[]> {
  const kafka = new Kafka({ clientId: 'test reader', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${Math.random()}` });
  const values: string[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // It starts again by itself after what passes, such as a coordinator that is loading.
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      void consumer
        .run({
          eachMessage: ({ message }) => {
            values.push(message.value?.toString() ?? '');
            if (values.length === count) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    return values;
  } finally {
    await consumer.disconnect();
  }
}

/** The high watermark of partition 0. */
export async function highWatermark(bootstrap: string, topic: string): Promise<bigint> {
  const admin = new Kafka({
    clientId: 'test reader',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const [partition] = await admin.fetchTopicOffsets(topic);
    return BigInt(partition!.high);
  } finally {
    await admin.disconnect();
  }
}
