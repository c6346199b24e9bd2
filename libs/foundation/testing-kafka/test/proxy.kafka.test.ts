import { Producer, ProduceAcks, stringSerializers } from '@platformatic/kafka';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { API, createTopic, type Frame, type KafkaCluster, startKafka, whereKafkaRuns } from '../src/index.ts';
import { highWatermark, read } from './write-and-read.ts';

const isProduce = (frame: Frame): boolean => frame.apiKey === API.produce;
const isProduceRequest = (frame: Frame): boolean => isProduce(frame) && frame.direction === 'request';

whereKafkaRuns(describe)('the proxy before a broker', () => {
  let kafka: KafkaCluster;
  let topics = 0;

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
  });

  afterEach(() => {
    kafka.proxy.clearRules();
    kafka.proxy.unblock();
  });

  afterAll(() => kafka?.stop());

  async function newTopic(): Promise<string> {
    const topic = `topic-${(topics += 1)}`;
    await createTopic(kafka.bootstrap, { topic });
    return topic;
  }

  async function send(
    topic: string,
    value: string,
    options: { retries?: number; requestTimeout?: number; idempotent?: boolean } = {},
  ): Promise<void> {
    const producer = new Producer({
      clientId: 'proxy test',
      bootstrapBrokers: kafka.bootstrapOf('proxied').split(','),
      serializers: stringSerializers,
      retryDelay: 50,
      ...options,
    });
    try {
      await producer.send({ messages: [{ topic, partition: 0, value }], acks: ProduceAcks.ALL });
    } finally {
      await producer.close();
    }
  }

  test('a request that is cut has never reached the broker', async () => {
    const topic = await newTopic();
    const cut = kafka.proxy.next(isProduceRequest, 'cut');
    await send(topic, 'a', { retries: 5 });
    await cut;
    expect(await highWatermark(kafka.bootstrap, topic)).toBe(1n);
  });

  test('a request that is held arrives when it is released, though its client has gone', async () => {
    const topic = await newTopic();
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    const held = kafka.proxy.next(isProduceRequest, { until });
    const sent = send(topic, 'late', { retries: 0, requestTimeout: 500 });
    await held;
    await expect(sent).rejects.toThrow();
    expect(await highWatermark(kafka.bootstrap, topic)).toBe(0n);
    release();
    await eventually(async () => expect(await highWatermark(kafka.bootstrap, topic)).toBe(1n));
    expect(await read(kafka.bootstrap, topic, 1)).toEqual(['late']);
  });

  test('a request is delivered again, which the broker recognises where the producer is idempotent', async () => {
    const topic = await newTopic();
    const frame = kafka.proxy.next(isProduceRequest);
    await send(topic, 'once', { idempotent: true });
    const answer = await kafka.proxy.deliverAgain(await frame);
    expect(answer.readInt32BE(0)).toBe((await frame).correlationId);
    expect(await highWatermark(kafka.bootstrap, topic)).toBe(1n);
  });

  test('a request is repeated, which the broker takes for more where the producer is not', async () => {
    const topic = await newTopic();
    void kafka.proxy.next(isProduceRequest, { repeat: 2 });
    await send(topic, 'a');
    await eventually(async () => expect(await highWatermark(kafka.bootstrap, topic)).toBe(3n));
  });

  test('an answer is delayed', async () => {
    const topic = await newTopic();
    void kafka.proxy.next((frame) => isProduce(frame) && frame.direction === 'response', { delayMs: 300 });
    const before = performance.now();
    await send(topic, 'a');
    expect(performance.now() - before).toBeGreaterThan(299);
  });

  test('a swallowed request times out', async () => {
    const topic = await newTopic();
    void kafka.proxy.next(isProduceRequest, 'swallow');
    await expect(send(topic, 'a', { retries: 0, requestTimeout: 300 })).rejects.toThrow();
    expect(await highWatermark(kafka.bootstrap, topic)).toBe(0n);
  });

  test('nobody gets through while it is blocked', async () => {
    const topic = await newTopic();
    kafka.proxy.block();
    await expect(send(topic, 'a', { retries: 0 })).rejects.toThrow();
    kafka.proxy.unblock();
    await send(topic, 'b');
    expect(await read(kafka.bootstrap, topic, 1)).toEqual(['b']);
  });
});
