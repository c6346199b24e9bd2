import type { KafkaConnectionSettings } from '../connection-settings.ts';
import type { BrokerConnection } from '../connection/broker-connection.ts';
import type { ClusterMetadata, KafkaClient } from '../kafka-client.ts';
import type { KafkaClassicGroupClient } from '../kafka-classic-group-client.ts';
import type { KafkaGroupClient } from '../kafka-group-client.ts';
import { DESCRIBE_PRODUCERS } from '../protocol/describe-producers.ts';
import { FETCH } from '../protocol/fetch.ts';
import { FETCH_BY_ID } from '../protocol/fetch-by-id.ts';
import { withTopicNames } from '../protocol/by-topic-id.ts';
import { INIT_PRODUCER_ID } from '../protocol/init-producer-id.ts';
import { EARLIEST, LATEST, LIST_OFFSETS } from '../protocol/list-offsets.ts';
import { METADATA } from '../protocol/metadata.ts';
import { OFFSET_FOR_LEADER_EPOCH } from '../protocol/offset-for-leader-epoch.ts';
import { agreedVersion } from '../protocol/api-call.ts';
import { PRODUCE } from '../protocol/produce.ts';
import { namesOfTopics, PRODUCE_BY_ID } from '../protocol/produce-by-id.ts';
import { abilities } from './abilities.ts';
import { expectAnswer } from './answer-error.ts';
import { Brokers, type Purpose } from './brokers.ts';
import { fetchedPartition } from './fetched-partition.ts';
import { classicCalls } from './classic-calls.ts';
import { Coordinators } from './coordinators.ts';
import { groupCalls } from './group-calls.ts';
import { memberCalls } from './member-calls.ts';
import { topicCalls } from './topic-calls.ts';

/**
 * A client for one cluster, Kafka 3.5 or later or what speaks like it. Nothing is connected before the first call.
 * Timeouts that calls pass on to a broker are cut to `requestTimeoutMs`.
 */
export function createKafkaClient(
  settings: KafkaConnectionSettings,
): KafkaClient & KafkaGroupClient & KafkaClassicGroupClient {
  const brokers = new Brokers(settings);
  const metadata = async (topics: readonly string[] | undefined): Promise<ClusterMetadata> => {
    const answer = await brokers.any((broker) => broker.call(METADATA, { topics }));
    brokers.learn(answer.brokers);
    return answer;
  };
  const refresh = (): Promise<ClusterMetadata> => metadata([]);
  const coordinators = new Coordinators(brokers, refresh);
  /** Brokers are known by id only once metadata was read. */
  const at = async (broker: number, purpose: Purpose): Promise<BrokerConnection> => {
    if (!brokers.knows(broker)) await refresh();
    return brokers.at(broker, purpose);
  };
  const bounded = (timeoutMs: number): number => Math.min(timeoutMs, settings.requestTimeoutMs);
  return {
    metadata,
    ...topicCalls(brokers, refresh, settings.requestTimeoutMs),
    ...groupCalls(coordinators),
    ...memberCalls(brokers, coordinators),
    ...classicCalls(coordinators),
    abilities: async () => abilities(await brokers.any((broker) => broker.versions())),
    async initProducerId() {
      const { errorCode, ...producer } = await brokers.any((broker) => broker.call(INIT_PRODUCER_ID, null));
      expectAnswer('InitProducerId', errorCode);
      return producer;
    },
    async produce(broker, batches, timeoutMs) {
      const connection = await at(broker, 'produce');
      const request = { batches, timeoutMs: bounded(timeoutMs) };
      const byId =
        batches.every(({ topicId }) => typeof topicId === 'string') &&
        agreedVersion(PRODUCE_BY_ID, (await connection.versions()).get(PRODUCE_BY_ID.key)) !== null;
      return byId
        ? namesOfTopics(await connection.call(PRODUCE_BY_ID, request), batches)
        : await connection.call(PRODUCE, request);
    },
    async logEnds(broker, of) {
      return await (await at(broker, 'rest')).call(OFFSET_FOR_LEADER_EPOCH, of);
    },
    async producers(broker, of) {
      return await (await at(broker, 'rest')).call(DESCRIBE_PRODUCERS, of);
    },
    async listOffsets(broker, of, where, isolation = 'read_uncommitted') {
      const timestamp = where === 'earliest' ? EARLIEST : where === 'latest' ? LATEST : BigInt(where.timestampMs);
      return await (await at(broker, 'rest')).call(LIST_OFFSETS, { of, timestamp, isolation });
    },
    async fetch(broker, of, maxWaitMs, isolation = 'read_uncommitted') {
      const connection = await at(broker, 'fetch');
      const byId = of.every(({ topicId }) => typeof topicId === 'string');
      const { errorCode, partitions } = await connection.call(byId ? FETCH_BY_ID : FETCH, {
        of,
        maxWaitMs: bounded(maxWaitMs),
        isolation,
      });
      expectAnswer('Fetch', errorCode);
      const from = new Map(of.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]));
      return withTopicNames(partitions, of).map((each) =>
        fetchedPartition(each, from.get(`${each.topic}-${each.partition}`) ?? 0n),
      );
    },
    close: () => brokers.close(),
  };
}
