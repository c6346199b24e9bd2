import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaClient, type KafkaClient, type KafkaRecord } from '#libs/foundation/kafka';
import { consoleConsumer, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { compressions } from './record-arbitraries.ts';
import { batchOf, createdTopic, recordsOf, sent } from './topic-of-test.ts';

const COUNT = 200;

whereKafkaRuns(describe)('compressed batches', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;

  beforeAll(async () => {
    kafka = await startKafka();
    client = createKafkaClient(kafkaSettings(kafka.bootstrap));
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  const fetched = async (topic: string): Promise<KafkaRecord[]> => {
    const [answer] = await client.fetch(1, [{ topic, partition: 0, offset: 0n, maxBytes: 1_000_000 }], 100);
    expect(answer?.errorCode).toBe(0);
    return answer!.records.map(({ key, value, headers, timestampMs }) => ({ key, value, headers, timestampMs }));
  };

  it.each(compressions)('of ours with %s are read by Java', async (compression) => {
    const topic = `ours-${compression}`;
    const wanted = { topic, count: COUNT, bytes: 300, timestampMs: Date.now() };
    await createdTopic(client, topic);
    expect((await sent(client, batchOf({ ...wanted, compression }))).errorCode).toBe(0);
    const read = await consoleConsumer(kafka.distribution, { bootstrap: kafka.bootstrap, topic, count: COUNT });
    expect(read).toEqual(
      recordsOf(wanted).map((record, index) => ({
        partition: 0,
        offset: BigInt(index),
        timestamp: BigInt(record.timestampMs),
        key: record.key,
        value: record.value,
        headers: record.headers.map(([name, value]) => [name, String(value)]),
      })),
    );
  });

  it.each(compressions.filter((each) => each !== 'none'))('of a broker with %s are read by us', async (compression) => {
    const topic = `theirs-${compression}`;
    const wanted = { topic, count: COUNT, bytes: 300, timestampMs: Date.now() };
    // The broker writes our batches anew.
    await createdTopic(client, topic, { configs: { 'compression.type': compression } });
    expect((await sent(client, batchOf(wanted))).errorCode).toBe(0);
    expect(await fetched(topic)).toEqual(recordsOf(wanted));
  });

  it('with the time of their appending carry that time', async () => {
    await createdTopic(client, 'append-time', { configs: { 'message.timestamp.type': 'LogAppendTime' } });
    const before = Date.now();
    await sent(client, batchOf({ topic: 'append-time', count: 2, timestampMs: 5 }));
    for (const record of await fetched('append-time')) expect(record.timestampMs).toBeGreaterThanOrEqual(before);
  });
});
