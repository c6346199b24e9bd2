import { createKafkaClient, type KafkaClient } from '#libs/foundation/kafka';
import { countBuffers } from '#libs/foundation/program';
import { eventually } from '#libs/foundation/testing';
import { deleteTopic, kafkaMissing, startKafka } from '#libs/foundation/testing-kafka';
import type { Bench } from '../measurement.ts';

const TIMEOUT_MS = 30_000;

/** A broker of the measurement's own, on this machine, with one client. */
export interface BenchKafka {
  readonly bootstrap: string;
  readonly version: string;
  readonly client: KafkaClient;
  /** Creates a topic and answers the broker that leads all of its partitions, as there is only one. */
  createTopic(name: string, partitions: number): Promise<number>;
  deleteTopic(name: string): Promise<void>;
}

/** Runs `work` with a broker, which is gone afterwards. Where none can run it says so, and measures nothing. */
export async function withKafka(bench: Bench, work: (kafka: BenchKafka) => Promise<void>): Promise<void> {
  // The floor gets what the relay has.
  countBuffers();
  const missing = kafkaMissing();
  if (missing !== undefined) return bench.progress(`  skipped: ${missing}`);
  const cluster = await startKafka();
  const client = connectTo(cluster.bootstrap);
  try {
    // A broker gives out producer ids a moment after it is up.
    await eventually(() => client.initProducerId(), TIMEOUT_MS);
    await work({
      bootstrap: cluster.bootstrap,
      version: cluster.version,
      client,
      createTopic: (name, partitions) => createTopic(client, name, partitions),
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
