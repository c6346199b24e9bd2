import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Consumer } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { API_KEY, createKafkaClient, KAFKA_ERROR, type KafkaClient } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { deleteTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, partitionOf, sent } from './topic-of-test.ts';

whereKafkaRuns(describe)('topics and groups of a cluster', () => {
  let kafka: KafkaCluster;
  let client: KafkaClient;

  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
    client = createKafkaClient(kafkaSettings(kafka.bootstrap));
  });

  afterAll(async () => {
    await client?.close();
    await kafka?.stop();
  });

  it('are seen with brokers, leaders, epochs and ids, and never created by looking', async () => {
    await createdTopic(client, 'seen', { partitions: 3, replicationFactor: 2 });
    const { clusterId, controller, brokers, topics } = await client.metadata(['seen', 'unseen']);
    expect(clusterId).not.toBeNull();
    expect(new Set(brokers.map((broker) => broker.id))).toEqual(new Set([1, 2, 3]));
    expect([1, 2, 3]).toContain(controller);
    const [seen, unseen] = ['seen', 'unseen'].map((name) => topics.find((topic) => topic.name === name));
    expect(seen?.id).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(seen?.partitions.map((partition) => partition.partition))).toEqual(new Set([0, 1, 2]));
    for (const { leader, replicas } of seen!.partitions) {
      expect(replicas).toHaveLength(2);
      expect(replicas).toContain(leader);
    }
    expect(unseen).toMatchObject({ errorCode: KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION, id: null, partitions: [] });
    expect((await client.metadata(undefined)).topics.map((topic) => topic.name)).not.toContain('unseen');
    expect((await client.metadata([])).topics).toEqual([]);
  });

  it('get another id when they are created again', async () => {
    const idOf = async (): Promise<string | null> => (await client.metadata(['again'])).topics[0]?.id ?? null;
    await createdTopic(client, 'again');
    const first = await idOf();
    await deleteTopic(kafka.bootstrap, 'again');
    await eventually(async () => expect(await idOf()).toBeNull());
    await createdTopic(client, 'again');
    expect(await idOf()).not.toBe(first);
  });

  it('are created with their settings, grow, and refuse what cannot be', async () => {
    const configs = { 'max.message.bytes': '12345', 'retention.ms': '-1' };
    await createdTopic(client, 'set', { partitions: 2, configs });
    const found = (await client.topicConfigs(['set', 'not there'])).get('set');
    expect(found?.get('max.message.bytes')).toBe('12345');
    expect(found?.get('retention.ms')).toBe('-1');
    expect(found?.get('message.timestamp.after.max.ms')).toBe('3600000');
    expect((await client.topicConfigs(['not there'])).size).toBe(0);

    expect(await client.createPartitions('set', 4, 5_000)).toMatchObject({ errorCode: 0 });
    await eventually(() => partitionOf(client, 'set', 3));
    expect(await client.createPartitions('set', 1, 5_000)).toMatchObject({ errorCode: KAFKA_ERROR.INVALID_PARTITIONS });
    const outcomes = await client.createTopics(
      [
        { name: 'set', partitions: 1, replicationFactor: -1, configs: {} },
        { name: 'many copies', partitions: 1, replicationFactor: 9, configs: {} },
        { name: 'odd', partitions: 1, replicationFactor: 1, configs: { 'no.such.config': '1' } },
      ],
      5_000,
    );
    const codes = new Map(outcomes.map((outcome) => [outcome.name, outcome.errorCode]));
    expect(codes.get('set')).toBe(KAFKA_ERROR.TOPIC_ALREADY_EXISTS);
    expect(codes.get('many copies')).toBe(KAFKA_ERROR.INVALID_TOPIC_EXCEPTION);
    expect(codes.get('odd')).toBe(KAFKA_ERROR.INVALID_CONFIG);
  });

  it('have offsets by time', async () => {
    await createdTopic(client, 'times');
    const start = Date.now() - 10_000;
    for (const timestampMs of [start, start + 1_000, start + 2_000]) {
      await sent(client, batchOf({ topic: 'times', timestampMs }));
    }
    const { leader } = await partitionOf(client, 'times');
    const at = async (where: Parameters<KafkaClient['listOffsets']>[2]): Promise<bigint | undefined> =>
      (await client.listOffsets(leader, [{ topic: 'times', partition: 0 }], where))[0]?.offset;
    expect(await at('earliest')).toBe(0n);
    expect(await at('latest')).toBe(3n);
    expect(await at({ timestampMs: start + 500 })).toBe(1n);
    expect(await at({ timestampMs: start + 60_000 })).toBe(-1n);
  });

  it('fetch from inside of a batch, and say what they do not have', async () => {
    await createdTopic(client, 'inside');
    await sent(client, batchOf({ topic: 'inside', count: 10 }));
    const { leader } = await partitionOf(client, 'inside');
    const fetch = async (offset: bigint, maxBytes = 100_000) =>
      (await client.fetch(leader, [{ topic: 'inside', partition: 0, offset, maxBytes }], 100))[0];
    expect((await fetch(4n))?.records.map((record) => record.offset)).toEqual([4n, 5n, 6n, 7n, 8n, 9n]);
    // The first batch comes whole however little was asked for, or nothing would ever come.
    expect(await fetch(0n, 1)).toMatchObject({ nextOffset: 10n, highWatermark: 10n });
    expect(await fetch(10n)).toMatchObject({ errorCode: 0, records: [], nextOffset: 10n });
    expect(await fetch(11n)).toMatchObject({ errorCode: KAFKA_ERROR.OFFSET_OUT_OF_RANGE, records: [] });
  });

  it('keep the offsets that are committed for a group without members', async () => {
    await createdTopic(client, 'consumed', { partitions: 2 });
    const { group, offsets } = {
      group: 'readers',
      offsets: [
        { topic: 'consumed', partition: 0, offset: 7n, metadata: 'why' },
        { topic: 'consumed', partition: 1, offset: 0n, metadata: null },
      ],
    };
    // The topic of committed offsets comes to be when it is first needed.
    const outcome = await eventually(() => client.commitGroupOffsets(group, offsets), 30_000);
    expect(outcome.map((each) => each.errorCode)).toEqual([0, 0]);
    const committed = [...(await client.groupOffsets(group))].sort((a, b) => a.partition - b.partition);
    expect(committed).toEqual([offsets[0], { ...offsets[1], metadata: '' }]);
    expect(await client.groupMembers(group)).toBe(0);
    expect(await client.groupOffsets('nobody')).toEqual([]);
    expect(await client.groupMembers('nobody')).toBe(0);
  });

  it('refuse offsets for a group that has members', async () => {
    await createdTopic(client, 'busy');
    const consumer = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING }).consumer({
      groupId: 'busy readers',
    });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic: 'busy' });
      await consumer.run({ eachMessage: async () => undefined });
      await eventually(async () => expect(await client.groupMembers('busy readers')).toBe(1), 30_000);
      const offsets = [{ topic: 'busy', partition: 0, offset: 1n, metadata: null }];
      const [refused] = await client.commitGroupOffsets('busy readers', offsets);
      expect(refused?.errorCode).toBe(KAFKA_ERROR.UNKNOWN_MEMBER_ID);
    } finally {
      await consumer.disconnect();
    }
  });

  it('count the members of a group of the new protocol, too', async () => {
    await createdTopic(client, 'modern');
    const consumer = new Consumer({
      clientId: 'test',
      groupId: 'modern-readers',
      groupProtocol: 'consumer',
      bootstrapBrokers: kafka.bootstrap.split(','),
    });
    try {
      const stream = await consumer.consume({ topics: ['modern'] });
      await eventually(async () => expect(await client.groupMembers('modern-readers')).toBe(1), 30_000);
      await stream.close();
    } finally {
      await consumer.close(true);
    }
    await eventually(async () => expect(await client.groupMembers('modern-readers')).toBe(0), 30_000);
  });

  it('can do what exact publishing needs', async () => {
    const able = await client.abilities();
    for (const key of Object.values(API_KEY)) expect(able.has(key)).toBe(true);
  });
});
