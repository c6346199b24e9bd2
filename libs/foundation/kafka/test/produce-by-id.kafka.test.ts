import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafkaClient, KAFKA_ERROR, type KafkaClient } from '#libs/foundation/kafka';
import { deleteTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, sent } from './topic-of-test.ts';

whereKafkaRuns(describe)('batches that name their topic by its id', () => {
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

  const idOf = async (topic: string): Promise<string> => (await client.metadata([topic])).topics[0]!.id!;

  test('arrive, and are answered under its name', async () => {
    await createdTopic(client, 'named');
    const result = await sent(client, { ...batchOf({ topic: 'named', count: 3 }), topicId: await idOf('named') });
    expect(result).toMatchObject({ topic: 'named', partition: 0, errorCode: 0, baseOffset: 0n, errorMessage: null });
    const next = await sent(client, { ...batchOf({ topic: 'named' }), topicId: await idOf('named') });
    expect(next).toMatchObject({ errorCode: 0, baseOffset: 3n });
  });

  test('are refused by a topic that was created again under the name', async () => {
    await createdTopic(client, 'renewed');
    const before = await idOf('renewed');
    await deleteTopic(kafka.bootstrap, 'renewed');
    await createdTopic(client, 'renewed');
    const result = await sent(client, { ...batchOf({ topic: 'renewed' }), topicId: before });
    expect(result).toMatchObject({ topic: 'renewed', errorCode: KAFKA_ERROR.UNKNOWN_TOPIC_ID });
    const byName = await sent(client, batchOf({ topic: 'renewed' }));
    expect(byName).toMatchObject({ errorCode: 0, baseOffset: 0n });
  });
});
