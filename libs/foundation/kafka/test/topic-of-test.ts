import { type Compression, encodeRecordBatch, type KafkaClient, type KafkaRecord } from '#libs/foundation/kafka';
import type { PartitionMetadata, ProduceBatch, ProducerPlace, ProduceResult } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';

export interface TopicWanted {
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Creates a topic and waits until its leaders take requests for it: they hear of it a moment later. */
export async function createdTopic(client: KafkaClient, name: string, wanted: TopicWanted = {}): Promise<void> {
  const { partitions = 1, replicationFactor = -1, configs = {} } = wanted;
  const [outcome] = await client.createTopics([{ name, partitions, replicationFactor, configs }], 10_000);
  if (outcome?.errorCode !== 0) throw new Error(`${name} was not created: ${outcome?.errorMessage}`);
  for (let partition = 0; partition < partitions; partition++) {
    await eventually(() => logEnd(client, name, partition), 30_000);
  }
}

export async function partitionOf(client: KafkaClient, topic: string, partition = 0): Promise<PartitionMetadata> {
  const { topics } = await client.metadata([topic]);
  const found = topics[0]?.partitions.find((each) => each.partition === partition);
  if (found === undefined) throw new Error(`the cluster does not know ${topic}-${partition}`);
  return found;
}

/** The leader's log end. Throws while it has none to tell. */
export async function logEnd(client: KafkaClient, topic: string, partition = 0): Promise<bigint> {
  const { leader, leaderEpoch } = await partitionOf(client, topic, partition);
  const [end] = await client.logEnds(leader, [{ topic, partition, leaderEpoch }]);
  if (end?.errorCode !== 0) throw new Error(`${topic}-${partition} answers ${end?.errorCode}`);
  return end.endOffset;
}

export interface BatchWanted {
  readonly topic: string;
  readonly partition?: number;
  readonly count?: number;
  readonly place?: ProducerPlace;
  readonly compression?: Compression;
  readonly timestampMs?: number;
  readonly bytes?: number;
}

export function recordsOf(wanted: BatchWanted): KafkaRecord[] {
  const { count = 1, timestampMs = Date.now(), bytes = 20 } = wanted;
  return Array.from({ length: count }, (_, index) => ({
    key: Buffer.from(`key ${index}`),
    value: Buffer.alloc(bytes, 97 + (index % 26)),
    headers: [['tidemark-message-id', Buffer.from(`id ${index}`)]],
    timestampMs: timestampMs + index,
  }));
}

export function batchOf(wanted: BatchWanted): ProduceBatch {
  const { topic, partition = 0, place, compression = 'none' } = wanted;
  return { topic, partition, bytes: encodeRecordBatch(recordsOf(wanted), { place, compression }) };
}

/** Sends one batch to its partition's leader. */
export async function sent(client: KafkaClient, batch: ProduceBatch): Promise<ProduceResult> {
  const { leader } = await partitionOf(client, batch.topic, batch.partition);
  const { results } = await client.produce(leader, [batch], 10_000);
  const [result] = results;
  if (result === undefined) throw new Error('the answer has no result');
  return result;
}
