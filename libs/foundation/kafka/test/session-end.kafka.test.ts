import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaClient, type KafkaClient } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic } from './topic-of-test.ts';

const SESSION_MS = 1_500;

/** KIP-368: a broker closes connections that have not signed in again in time. */
whereKafkaRuns(describe)('a session that ends', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;
  const signIns: number[] = [];

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['sasl'], config: { 'connections.max.reauth.ms': String(SESSION_MS) } });
    const password = (): Promise<string> => Promise.resolve((signIns.push(Date.now()), 'relay-secret'));
    const sasl = { mechanism: 'SCRAM-SHA-256', username: 'relay', password } as const;
    client = createKafkaClient(kafkaSettings(kafka.bootstrapOf('sasl'), { sasl }));
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  it('is followed by another between two requests, without loss and without disorder', async () => {
    await createdTopic(client, 'sessions');
    const producer = await eventually(() => client.initProducerId());
    const before = signIns.length;
    let next = 0;
    const codes: (number | undefined)[] = [];
    // Three requests always on their way, over several sessions.
    const sender = async (): Promise<void> => {
      while (signIns.length < before + 4) {
        const place = { ...producer, baseSequence: next++ };
        const { results } = await client.produce(1, [batchOf({ topic: 'sessions', place })], 5_000);
        codes.push(results[0]?.errorCode);
      }
    };
    await Promise.all([sender(), sender(), sender()]);
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.every((code) => code === 0)).toBe(true);
  });
});
