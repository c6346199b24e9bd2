import type {
  ClusterMetadata,
  FetchedPartition,
  KafkaClient,
  LogEnd,
  PartitionProducers,
  ProduceResult,
  TopicMetadata,
} from '#libs/foundation/kafka';
import type { FakeCluster } from './fake-cluster.ts';
import { type FakeNetwork, unreachable } from './fake-network.ts';
import type { FakePartition } from './fake-partition.ts';
import { decodeForFake } from './wire-batch.ts';

const NOT_LEADER = 6;
const UNKNOWN_TOPIC = 3;
const TIMED_OUT = 7;
const NOT_ENOUGH_REPLICAS = 19;
const FENCED_LEADER_EPOCH = 74;
const UNKNOWN_LEADER_EPOCH = 75;

/** A client's connections to the fake cluster. One for each process. */
export function fakeClient(cluster: FakeCluster, network: FakeNetwork): KafkaClient {
  const led = (broker: number, topic: string, partition: number): FakePartition | number => {
    const found = cluster.partition(topic, partition);
    if (found === undefined) return UNKNOWN_TOPIC;
    return found.leader === broker && cluster.alive.has(broker) ? found : NOT_LEADER;
  };
  const at = <T>(broker: number, carryOut: () => T): Promise<T> =>
    network.call(() => {
      if (!cluster.alive.has(broker)) throw unreachable();
      return carryOut();
    }, broker);

  const appendOne = async (broker: number, topic: string, partition: number, bytes: Buffer): Promise<ProduceResult> => {
    const result = (errorCode: number, baseOffset = -1n): ProduceResult => ({
      topic,
      partition,
      errorCode,
      errorMessage: null,
      baseOffset,
      logStartOffset: 0n,
    });
    const found = led(broker, topic, partition);
    if (typeof found === 'number') return result(found);
    if (found.inSync.size < cluster.minInSync) return result(NOT_ENOUGH_REPLICAS);
    const epoch = found.leaderEpoch;
    const outcome = found.append(decodeForFake(bytes));
    if (outcome.errorCode !== 0) return result(outcome.errorCode);
    const deadline = cluster.time.now() + network.requestTimeoutMs * 0.8;
    while (found.highWatermark < outcome.end) {
      if (found.leaderEpoch !== epoch || cluster.partition(topic, partition) !== found) return result(NOT_LEADER);
      if (cluster.time.now() > deadline) return result(TIMED_OUT);
      await cluster.time.sleep(1);
    }
    return found.leaderEpoch === epoch ? result(0, outcome.baseOffset) : result(NOT_LEADER);
  };

  const client: Omit<KafkaClient, 'listOffsets' | 'groupOffsets' | 'groupMembers' | 'commitGroupOffsets' | 'close'> = {
    abilities: () => network.call(() => new Map([...cluster.abilities].map((key) => [key, { min: 0, max: 9 }]))),
    metadata: (topics) => network.call(() => metadataOf(cluster, topics)),
    initProducerId: () => network.call(() => ({ producerId: cluster.newProducer(), producerEpoch: 0 })),
    produce: (broker, batches) =>
      network.produce(broker, async () => {
        if (!cluster.alive.has(broker)) throw unreachable();
        const results = await Promise.all(
          batches.map(({ topic, partition, bytes }) => appendOne(broker, topic, partition, bytes)),
        );
        // A broker that died meanwhile answers nothing.
        if (!cluster.alive.has(broker)) throw unreachable();
        return { throttleMs: cluster.throttleMs, results };
      }),
    logEnds: (broker, of) =>
      at(broker, () =>
        of.map(({ topic, partition, leaderEpoch }): LogEnd => {
          const found = led(broker, topic, partition);
          const answer = (errorCode: number, endOffset = -1n): LogEnd => ({
            topic,
            partition,
            errorCode,
            leaderEpoch,
            endOffset,
          });
          if (typeof found === 'number') return answer(found);
          if (found.leaderEpoch > leaderEpoch) return answer(FENCED_LEADER_EPOCH);
          if (found.leaderEpoch < leaderEpoch) return answer(UNKNOWN_LEADER_EPOCH);
          return answer(0, BigInt(found.log.end));
        }),
      ),
    producers: (broker, of) =>
      at(broker, () =>
        of.map(({ topic, partition }): PartitionProducers => {
          const found = led(broker, topic, partition);
          if (typeof found === 'number') return { topic, partition, errorCode: found, producers: [] };
          const producers = [...found.log.producers].map(([producerId, { lastSequence, lastTimestampMs }]) => ({
            producerId,
            producerEpoch: 0,
            lastSequence,
            lastTimestampMs,
          }));
          return { topic, partition, errorCode: 0, producers };
        }),
      ),
    fetch: (broker, of) =>
      at(broker, () =>
        of.map(({ topic, partition, offset, maxBytes }): FetchedPartition => {
          const found = led(broker, topic, partition);
          const nothing = {
            topic,
            partition,
            highWatermark: -1n,
            logStartOffset: -1n,
            records: [],
            nextOffset: offset,
          };
          if (typeof found === 'number') return { ...nothing, errorCode: found };
          const { log, highWatermark } = found;
          const known = { highWatermark: BigInt(highWatermark), logStartOffset: BigInt(log.logStart) };
          if (offset < BigInt(log.logStart) || offset > BigInt(log.end)) return { ...nothing, ...known, errorCode: 1 };
          const end = Math.min(highWatermark, Number(offset) + Math.max(1, Math.floor(maxBytes / 10_000)));
          const records = log.entries.slice(Number(offset), end).map((entry, index) => ({
            ...entry,
            offset: offset + BigInt(index),
          }));
          return { ...nothing, ...known, errorCode: 0, records, nextOffset: offset + BigInt(records.length) };
        }),
      ).then(async (answer) => {
        if (answer.every(({ records }) => records.length === 0)) await cluster.time.sleep(20);
        return answer;
      }),
    createTopics: (topics) =>
      network.call(() =>
        topics.map(({ name, partitions, configs }) => {
          if (cluster.topics.has(name)) return { name, errorCode: 36, errorMessage: 'exists' };
          cluster.createTopic(name, partitions, Object.entries(configs));
          return { name, errorCode: 0, errorMessage: null };
        }),
      ),
    createPartitions: (topic, partitions) =>
      network.call(() => {
        cluster.extend(topic, partitions);
        return { name: topic, errorCode: 0, errorMessage: null };
      }),
    topicConfigs: (topics) =>
      network.call(() => new Map(topics.map((name) => [name, cluster.topics.get(name)?.configs ?? new Map()]))),
  };
  return client as KafkaClient;
}

function metadataOf(cluster: FakeCluster, names: readonly string[] | undefined): ClusterMetadata {
  const topics = (names ?? [...cluster.topics.keys()]).map((name): TopicMetadata => {
    const topic = cluster.topics.get(name);
    if (topic === undefined) return { name, errorCode: UNKNOWN_TOPIC, id: null, partitions: [] };
    const partitions = topic.partitions.map((each, partition) => {
      const leader = cluster.alive.has(each.leader) ? each.leader : -1;
      return {
        partition,
        errorCode: leader === -1 ? 5 : 0,
        leader,
        leaderEpoch: each.leaderEpoch,
        replicas: [...each.replicas.keys()],
        inSyncReplicas: [...each.inSync],
      };
    });
    return { name, errorCode: 0, id: topic.id, partitions };
  });
  const brokers = [...cluster.alive].map((id) => ({ id, host: `broker-${id}`, port: 9092 }));
  return { clusterId: cluster.clusterId, controller: 1, brokers, topics };
}
