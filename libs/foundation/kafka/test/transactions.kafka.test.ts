import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import {
  createKafkaClient,
  type FetchedPartition,
  type Isolation,
  KAFKA_ERROR,
  type KafkaClient,
} from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { deleteTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';
import { batchOf, createdTopic, partitionOf, sent } from './topic-of-test.ts';

whereKafkaRuns(describe)('what is fetched', () => {
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

  async function fetch(topic: string, isolation: Isolation, topicId?: string | null): Promise<FetchedPartition> {
    const { leader, leaderEpoch } = await partitionOf(client, topic);
    const request = { topic, partition: 0, offset: 0n, maxBytes: 100_000, leaderEpoch };
    const [fetched] = await client.fetch(leader, [{ ...request, ...(topicId && { topicId }) }], 100, isolation);
    return fetched!;
  }

  const values = (fetched: FetchedPartition): string[] => fetched.records.map((record) => String(record.value));

  it('leaves out transactions that were aborted or are open, and counts their offsets', async () => {
    await createdTopic(client, 'transactions');
    const [{ id } = { id: null }] = (await client.metadata(['transactions'])).topics;
    const producer = new Kafka({ brokers: kafka.bootstrap.split(','), logLevel: logLevel.NOTHING }).producer({
      transactionalId: 'writer',
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      const write = async (text: string, end: 'commit' | 'abort' | 'open') => {
        const transaction = await producer.transaction();
        await transaction.send({ topic: 'transactions', messages: [{ value: text }, { value: `${text} too` }] });
        if (end !== 'open') await transaction[end]();
        return transaction;
      };
      await eventually(() => write('first', 'commit'), 30_000);
      await sent(client, batchOf({ topic: 'transactions', bytes: 3 }));
      await write('never', 'abort');
      await write('second', 'commit');
      const open = await write('open', 'open');

      for (const topicId of [null, id]) {
        const committed = await fetch('transactions', 'read_committed', topicId);
        expect(values(committed)).toEqual(['first', 'first too', 'aaa', 'second', 'second too']);
        // 3 for each transaction: two records and a marker.
        expect(committed.nextOffset).toBe(10n);
        const all = 'first,first too,aaa,never,never too,second,second too,open,open too';
        expect(values(await fetch('transactions', 'read_uncommitted', topicId)).join()).toBe(all);
      }
      const { leader } = await partitionOf(client, 'transactions');
      const place = { topic: 'transactions', partition: 0 };
      const [stable] = await client.listOffsets(leader, [place], 'latest', 'read_committed');
      const [latest] = await client.listOffsets(leader, [place], 'latest');
      expect([stable?.offset, latest?.offset]).toEqual([10n, 12n]);
      await open.abort();
      await eventually(async () => expect((await fetch('transactions', 'read_committed')).nextOffset).toBe(13n));
    } finally {
      await producer.disconnect();
    }
  });

  it('is never of a topic that was created again under the name, and never from a former leader', async () => {
    await createdTopic(client, 'twice');
    await sent(client, batchOf({ topic: 'twice', count: 3 }));
    const before = (await client.metadata(['twice'])).topics[0]!.id;
    expect(values(await fetch('twice', 'read_committed', before))).toHaveLength(3);
    await deleteTopic(kafka.bootstrap, 'twice');
    await eventually(async () => expect((await client.metadata(['twice'])).topics[0]?.id).toBeNull());
    await createdTopic(client, 'twice');
    await sent(client, batchOf({ topic: 'twice' }));
    expect(await fetch('twice', 'read_committed', before)).toMatchObject({
      topic: 'twice',
      errorCode: KAFKA_ERROR.UNKNOWN_TOPIC_ID,
      records: [],
    });
    const { leader, leaderEpoch } = await partitionOf(client, 'twice');
    const request = { topic: 'twice', partition: 0, offset: 0n, maxBytes: 100, leaderEpoch: leaderEpoch + 5 };
    expect((await client.fetch(leader, [request], 100))[0]?.errorCode).toBe(KAFKA_ERROR.UNKNOWN_LEADER_EPOCH);
  });
});
