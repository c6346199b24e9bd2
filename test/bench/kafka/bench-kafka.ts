import { createKafkaClient, encodeRecordBatch, type KafkaClient } from '#libs/foundation/kafka';
import { countBuffers } from '#libs/foundation/program';
import { eventually } from '#libs/foundation/testing';
import { deleteTopic, kafkaMissing, startKafka } from '#libs/foundation/testing-kafka';
import type { Bench } from '../measurement.ts';

const TIMEOUT_MS = 30_000;
/** A broker is at its usual speed when so many requests in a row, one record for each partition, take no longer. */
const USUAL_MS = 100;
const QUICK_ONES = 5;
/** After so many bytes a partition gets its first index entry. */
const INDEXED_BYTES = 8_192;

/** A broker of the measurement's own, on this machine, with one client. */
export interface BenchKafka {
  readonly bootstrap: string;
  readonly version: string;
  readonly client: KafkaClient;
  /** Creates a topic and answers the broker that leads all of its partitions, as there is only one. */
  createTopic(name: string, partitions: number): Promise<number>;
  /**
   * The same with some records in each partition, once the broker takes more at its usual speed: the second batch of a new
   * partition takes long on a busy disk, which is seconds for 120 of them.
   */
  createUsedTopic(name: string, partitions: number): Promise<number>;
  deleteTopic(name: string): Promise<void>;
}

/** Runs `work` with a broker, which is gone afterwards. Where none can run it says so, and measures nothing. */
export async function withKafka(bench: Bench, work: (kafka: BenchKafka) => Promise<void>): Promise<void> {
  // The floor gets what the relay has.
  countBuffers();
  const missing = kafkaMissing();
  if (missing !== undefined) return bench.progress(`  skipped: ${missing}`);
  // Deleting the files of 240 partitions takes seconds, and would fall into the next round.
  const cluster = await startKafka({ config: { 'log.segment.delete.delay.ms': '3600000' } });
  const client = connectTo(cluster.bootstrap);
  try {
    // A broker gives out producer ids a moment after it is up.
    await eventually(() => client.initProducerId(), TIMEOUT_MS);
    await work({
      bootstrap: cluster.bootstrap,
      version: cluster.version,
      client,
      createTopic: (name, partitions) => createTopic(client, name, partitions),
      createUsedTopic: (name, partitions) => createUsedTopic(client, name, partitions),
      deleteTopic: (name) => deleteTopic(cluster.bootstrap, name),
    });
  } finally {
    await client.close();
    await cluster.stop();
  }
}

/** The broker that leads a topic's partitions, once all of them have a leader that knows it. */
export async function leaderOf(client: KafkaClient, topic: string, partitions: number): Promise<number> {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  return await eventually(async () => {
    const leader = (await client.metadata([topic])).topics[0]?.partitions[0]?.leader ?? -1;
    const ends = await client.listOffsets(leader, all, 'latest');
    if (ends.some(({ errorCode }) => errorCode !== 0)) throw new Error(`${topic} has no leaders`);
    return leader;
  }, TIMEOUT_MS);
}

async function createTopic(client: KafkaClient, name: string, partitions: number): Promise<number> {
  const [outcome] = await client.createTopics([{ name, partitions, replicationFactor: -1, configs: {} }], TIMEOUT_MS);
  if (outcome?.errorCode !== 0) throw new Error(`${name} was not created: ${outcome?.errorMessage}`);
  return leaderOf(client, name, partitions);
}

async function createUsedTopic(client: KafkaClient, name: string, partitions: number): Promise<number> {
  const leader = await createTopic(client, name, partitions);
  const record = { timestampMs: Date.now(), key: null, value: Buffer.alloc(INDEXED_BYTES), headers: [] };
  const batches = Array.from({ length: partitions }, (_, partition) => {
    return { topic: name, partition, bytes: encodeRecordBatch([record], { compression: 'none' }) };
  });
  let quick = 0;
  await eventually(async () => {
    const startedAt = performance.now();
    const { results } = await client.produce(leader, batches, TIMEOUT_MS);
    const refused = results.find(({ errorCode }) => errorCode !== 0);
    if (refused !== undefined) throw new Error(`${name}/${refused.partition}: error ${refused.errorCode}`);
    const ms = performance.now() - startedAt;
    quick = ms < USUAL_MS ? quick + 1 : 0;
    if (quick < QUICK_ONES) throw new Error(`appending to ${name} took ${ms} ms`);
  }, TIMEOUT_MS);
  return leader;
}

/** A client for the broker. */
export function connectTo(bootstrap: string): KafkaClient {
  const [host, port] = bootstrap.split(':') as [string, string];
  return createKafkaClient({
    bootstrap: [{ host, port: Number(port) }],
    clientId: 'tidemark bench',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: TIMEOUT_MS,
  });
}
