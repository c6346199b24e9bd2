import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaClient, KAFKA_ERROR, type KafkaClient, type ProduceResult } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, logEnd, partitionOf, sent } from './topic-of-test.ts';

const LAST = 2 ** 31 - 1;
const HOUR_MS = 3_600_000;

/** What exact publishing rests on, as a broker really does it. */
whereKafkaRuns(describe)('a broker that gets batches with a producer and its sequences', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;
  let producer: { producerId: bigint; producerEpoch: number };

  beforeAll(async () => {
    kafka = await startKafka();
    client = createKafkaClient(kafkaSettings(kafka.bootstrap));
    producer = await eventually(() => client.initProducerId());
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  const send = (topic: string, baseSequence: number, count: number, timestampMs?: number): Promise<ProduceResult> =>
    sent(client, batchOf({ topic, count, timestampMs, place: { ...producer, baseSequence } }));

  const lastSequence = async (topic: string): Promise<number | undefined> => {
    const { leader } = await partitionOf(client, topic);
    const [answer] = await client.producers(leader, [{ topic, partition: 0 }]);
    expect(answer?.errorCode).toBe(0);
    return answer?.producers.find((each) => each.producerId === producer.producerId)?.lastSequence;
  };

  it('takes any first sequence of a producer that it does not know, and the next one only', async () => {
    await createdTopic(client, 'first');
    expect(await lastSequence('first')).toBeUndefined();
    expect(await send('first', 1_000, 5)).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await lastSequence('first')).toBe(1_004);
    expect(await send('first', 1_005, 2)).toMatchObject({ errorCode: 0, baseOffset: 5n });
    expect(await lastSequence('first')).toBe(1_006);
    for (const gap of [1_008, 1_010, 500, 0]) {
      expect(await send('first', gap, 1)).toMatchObject({
        errorCode: KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER,
        baseOffset: -1n,
      });
    }
    expect(await logEnd(client, 'first')).toBe(7n);
  });

  it('answers a repetition of one of the last five batches with the offset of the first time', async () => {
    await createdTopic(client, 'repeated');
    for (let batch = 0; batch < 7; batch++) await send('repeated', batch * 10, 10);
    for (let batch = 2; batch < 7; batch++) {
      expect(await send('repeated', batch * 10, 10)).toMatchObject({ errorCode: 0, baseOffset: BigInt(batch * 10) });
    }
    // Not 46, as one could think: an older batch looks like any other that is out of order.
    for (const forgotten of [1, 0]) {
      expect((await send('repeated', forgotten * 10, 10)).errorCode).toBe(KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }
    expect(await logEnd(client, 'repeated')).toBe(70n);
  });

  it('refuses batches that overlap with what it has, so that borders must stay', async () => {
    await createdTopic(client, 'borders');
    for (let batch = 0; batch < 3; batch++) await send('borders', batch * 10, 10);
    for (const [baseSequence, count] of [
      [20, 5],
      [25, 5],
      [25, 10],
      [20, 15],
      [10, 20],
    ] as const) {
      expect((await send('borders', baseSequence, count)).errorCode).toBe(KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }
    expect(await logEnd(client, 'borders')).toBe(30n);
  });

  it('knows a repetition by its sequences alone: other records with the same ones count as the same', async () => {
    await createdTopic(client, 'content');
    await send('content', 0, 3);
    const other = batchOf({ topic: 'content', count: 3, bytes: 500, place: { ...producer, baseSequence: 0 } });
    expect(await sent(client, other)).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await logEnd(client, 'content')).toBe(3n);
  });

  it('counts on from 2^31 - 1 with 0, within a batch and between batches', async () => {
    await createdTopic(client, 'wrap');
    await send('wrap', LAST - 2, 2);
    expect(await send('wrap', LAST, 3)).toMatchObject({ errorCode: 0, baseOffset: 2n });
    expect(await lastSequence('wrap')).toBe(1);
    expect(await send('wrap', 2, 1)).toMatchObject({ errorCode: 0, baseOffset: 5n });
    expect(await send('wrap', LAST, 3)).toMatchObject({ errorCode: 0, baseOffset: 2n });
    const [fetched] = await client.fetch(1, [{ topic: 'wrap', partition: 0, offset: 1n, maxBytes: 100_000 }], 100);
    expect(fetched?.records.map((record) => record.sequence)).toEqual([LAST - 1, LAST, 0, 1, 2]);
    expect(fetched?.records.every((record) => record.producerId === producer.producerId)).toBe(true);
  });

  it('goes on behind the records of others', async () => {
    await createdTopic(client, 'foreign');
    await send('foreign', 0, 2);
    await sent(client, batchOf({ topic: 'foreign', count: 3 }));
    expect(await send('foreign', 2, 1)).toMatchObject({ errorCode: 0, baseOffset: 5n });
    const [fetched] = await client.fetch(1, [{ topic: 'foreign', partition: 0, offset: 0n, maxBytes: 100_000 }], 100);
    expect(fetched?.records.map((record) => record.sequence)).toEqual([0, 1, -1, -1, -1, 2]);
  });

  it('refuses records of more than an hour ahead, and takes old ones for the last time of the producer', async () => {
    await createdTopic(client, 'times');
    expect(await send('times', 0, 1, Date.now() + 2 * HOUR_MS)).toMatchObject({
      errorCode: KAFKA_ERROR.INVALID_TIMESTAMP,
    });
    await send('times', 0, 1);
    const old = Date.now() - 72 * HOUR_MS;
    expect((await send('times', 1, 1, old)).errorCode).toBe(0);
    const [answer] = await client.producers(1, [{ topic: 'times', partition: 0 }]);
    expect(answer?.producers[0]?.lastTimestampMs).toBe(old);
  });

  it('refuses what is too large for its topic, and takes the other batches of the request', async () => {
    await createdTopic(client, 'small', { configs: { 'max.message.bytes': '2000' } });
    await createdTopic(client, 'large');
    const place = { ...producer, baseSequence: 0 };
    const batches = ['small', 'large'].map((topic) => batchOf({ topic, count: 1, bytes: 3_000, place }));
    const { results } = await client.produce(1, batches, 10_000);
    const codes = new Map(results.map((result) => [result.topic, result.errorCode]));
    expect(codes).toEqual(
      new Map([
        ['small', KAFKA_ERROR.MESSAGE_TOO_LARGE],
        ['large', 0],
      ]),
    );
    expect(await lastSequence('small')).toBeUndefined();
  });

  it('answers 45 to all batches behind one that it refused, and takes them again afterwards', async () => {
    await createdTopic(client, 'pipeline');
    await send('pipeline', 0, 1);
    const now = Date.now();
    const batches = [1, 2, 3, 4, 5].map((baseSequence) =>
      batchOf({
        topic: 'pipeline',
        place: { ...producer, baseSequence },
        timestampMs: baseSequence === 2 ? now + 2 * HOUR_MS : now,
      }),
    );
    const answers = await Promise.all(batches.map((batch) => client.produce(1, [batch], 10_000)));
    expect(answers.map((answer) => answer.results[0]?.errorCode)).toEqual([0, 32, 45, 45, 45]);
    for (const baseSequence of [2, 3, 4, 5]) expect((await send('pipeline', baseSequence, 1)).errorCode).toBe(0);
    expect(await logEnd(client, 'pipeline')).toBe(6n);
  });
});
