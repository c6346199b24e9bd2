import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaClient, type KafkaClient } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { API, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, logEnd, sent } from './topic-of-test.ts';

const REQUEST_MS = 1_000;

whereKafkaRuns(describe)('a connection that is lost', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
    client = createKafkaClient(kafkaSettings(kafka.bootstrapOf('proxied'), { requestTimeoutMs: REQUEST_MS }));
  });

  afterEach(() => kafka.proxy.clearRules());

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  const produce = (topic: string, baseSequence: number, producerId: bigint): Promise<unknown> =>
    client.produce(1, [batchOf({ topic, place: { producerId, producerEpoch: 0, baseSequence } })], 500);

  it('fails the calls on it, and the next call is made on a new one', async () => {
    await createdTopic(client, 'cut');
    const lost = kafka.proxy.next((frame) => frame.direction === 'response' && frame.apiKey === API.produce, 'cut');
    const calls = await Promise.allSettled([0, 1, 2].map((sequence) => produce('cut', sequence, 900n)));
    await lost;
    expect(calls.map((call) => call.status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const call of calls) {
      expect(call).toMatchObject({ reason: { code: 'KAFKA_UNREACHABLE', retryable: true } });
    }
    // The first had been appended all the same: that is what its repetition is answered.
    expect(
      await sent(client, batchOf({ topic: 'cut', place: { producerId: 900n, producerEpoch: 0, baseSequence: 0 } })),
    ).toMatchObject({ errorCode: 0, baseOffset: 0n });
  });

  it('or says nothing for the time of a request counts as lost, with all that wait behind', async () => {
    await createdTopic(client, 'silent');
    await produce('silent', 0, 901n);
    const swallowed = kafka.proxy.next(
      (frame) => frame.direction === 'request' && frame.apiKey === API.produce,
      'swallow',
    );
    const start = performance.now();
    const calls = await Promise.allSettled([1, 2, 3].map((sequence) => produce('silent', sequence, 901n)));
    await swallowed;
    expect(performance.now() - start).toBeLessThan(REQUEST_MS * 3);
    expect(calls[0]).toMatchObject({ reason: { code: 'KAFKA_UNREACHABLE' } });
    // The broker answered those behind with 45, but no answer is taken for that of another request.
    for (const call of calls.slice(1)) {
      if (call.status === 'fulfilled') {
        expect(call.value).toMatchObject({ results: [{ errorCode: 45 }] });
      }
    }
    expect(await logEnd(client, 'silent')).toBe(1n);
  });

  it('does not disturb calls of another purpose', async () => {
    await createdTopic(client, 'apart');
    await produce('apart', 0, 902n);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    void kafka.proxy.next((frame) => frame.direction === 'request' && frame.apiKey === API.produce, {
      until: held,
    });
    const waiting = produce('apart', 1, 902n);
    const fetching = client.fetch(1, [{ topic: 'apart', partition: 0, offset: 1n, maxBytes: 1_000 }], 500);
    expect(await logEnd(client, 'apart')).toBe(1n);
    release();
    await waiting;
    expect((await fetching)[0]?.records).toHaveLength(1);
  });

  it('comes back when the broker does', async () => {
    await createdTopic(client, 'restart');
    await produce('restart', 0, 903n);
    await kafka.brokers[0]!.kill();
    await expect(produce('restart', 1, 903n)).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    await kafka.brokers[0]!.start();
    await eventually(async () => {
      expect(await produce('restart', 1, 903n)).toMatchObject({ results: [{ errorCode: 0, baseOffset: 1n }] });
    }, 30_000);
  });

  it('by closing the client ends at once what waits', async () => {
    const other = createKafkaClient(kafkaSettings(kafka.bootstrapOf('proxied')));
    await createdTopic(other, 'closing');
    const fetching = other.fetch(1, [{ topic: 'closing', partition: 0, offset: 0n, maxBytes: 1_000 }], 10_000);
    const failed = expect(fetching).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    await other.metadata([]);
    await other.close();
    await failed;
    await expect(other.metadata([])).rejects.toThrow('the client is closed');
    await other.close();
  });
});
