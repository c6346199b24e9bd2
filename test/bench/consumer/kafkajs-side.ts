import { type Consumer, type EachBatchPayload, Kafka, logLevel } from 'kafkajs';
import type { Consuming, ConsumerSide } from './consuming.ts';
import { BATCH, takeEffectAlone } from './effect.ts';

/** kafkajs with its defaults, and a transaction of its own for each message or batch. Offsets are not part of it. */
export function kafkajsSide(bootstrap: string, topic: string): ConsumerSide {
  return {
    name: 'kafkajs',
    start: async (consuming) => {
      const kafka = new Kafka({ clientId: 'bench', brokers: [bootstrap], logLevel: logLevel.NOTHING });
      const consumer = kafka.consumer({ groupId: consuming.group });
      await consumer.connect();
      consumer.on('consumer.crash', ({ payload }) => consuming.failed(payload.error));
      await consumer.subscribe({ topic, fromBeginning: true });
      await run(consumer, consuming);
      return { stop: () => consumer.disconnect() };
    },
  };
}

async function run(consumer: Consumer, consuming: Consuming): Promise<void> {
  const partitionsConsumedConcurrently = consuming.concurrency;
  if (consuming.effect === 'rows') {
    const eachBatch = (payload: EachBatchPayload): Promise<void> => handleBatch(payload, consuming);
    return consumer.run({ partitionsConsumedConcurrently, eachBatchAutoResolve: false, eachBatch });
  }
  return consumer.run({
    partitionsConsumedConcurrently,
    eachMessage: async ({ message }) => {
      const n = consuming.numberOf(message.value!);
      await takeEffectAlone(consuming.pool, consuming.effect, [n]);
      consuming.handled(n);
    },
  });
}

async function handleBatch(payload: EachBatchPayload, consuming: Consuming): Promise<void> {
  const { messages } = payload.batch;
  for (let from = 0; from < messages.length && payload.isRunning() && !payload.isStale(); from += BATCH) {
    const some = messages.slice(from, from + BATCH);
    const ns = some.map(({ value }) => consuming.numberOf(value!));
    await takeEffectAlone(consuming.pool, consuming.effect, ns);
    for (const n of ns) consuming.handled(n);
    payload.resolveOffset(some.at(-1)!.offset);
    await payload.heartbeat();
  }
}
