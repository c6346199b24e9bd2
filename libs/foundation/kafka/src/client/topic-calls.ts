import type { BrokerConnection } from '../connection/broker-connection.ts';
import type { ClusterMetadata, KafkaClient, TopicOutcome } from '../kafka-client.ts';
import { KAFKA_ERROR } from '../kafka-errors.ts';
import { CREATE_PARTITIONS } from '../protocol/create-partitions.ts';
import { CREATE_TOPICS } from '../protocol/create-topics.ts';
import { DESCRIBE_CONFIGS } from '../protocol/describe-configs.ts';
import { expectAnswer } from './answer-error.ts';
import type { Brokers } from './brokers.ts';

/** Why a topic has no configs for us: it is not there, cannot be there, or is not for us to see. */
const HIDDEN: readonly number[] = [
  KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERROR.INVALID_TOPIC_EXCEPTION,
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
];

/** Calls that create and describe topics. `requestTimeoutMs` bounds how long a broker is told to try. */
export function topicCalls(
  brokers: Brokers,
  refresh: () => Promise<ClusterMetadata>,
  requestTimeoutMs: number,
): Pick<KafkaClient, 'createTopics' | 'createPartitions' | 'topicConfigs'> {
  /** Any broker passes such calls on to the controller, except where ZooKeeper still rules: that is why it is asked itself. */
  const atController = async (
    call: (controller: BrokerConnection) => Promise<readonly TopicOutcome[]>,
  ): Promise<readonly TopicOutcome[]> => {
    const ask = async (): Promise<readonly TopicOutcome[]> =>
      await call(brokers.at((await refresh()).controller, 'rest'));
    const outcomes = await ask();
    return outcomes.some((each) => each.errorCode === KAFKA_ERROR.NOT_CONTROLLER) ? await ask() : outcomes;
  };
  return {
    async createTopics(topics, timeoutMs) {
      const request = { topics, timeoutMs: Math.min(timeoutMs, requestTimeoutMs) };
      return await atController((controller) => controller.call(CREATE_TOPICS, request));
    },
    async createPartitions(topic, partitions, timeoutMs) {
      const request = { topic, partitions, timeoutMs: Math.min(timeoutMs, requestTimeoutMs) };
      const [outcome] = await atController((controller) => controller.call(CREATE_PARTITIONS, request));
      return outcome ?? { name: topic, errorCode: KAFKA_ERROR.UNKNOWN_SERVER_ERROR, errorMessage: 'no answer for it' };
    },
    async topicConfigs(topics) {
      const described = await brokers.any((broker) => broker.call(DESCRIBE_CONFIGS, { kind: 'topic', names: topics }));
      for (const { name, errorCode, errorMessage } of described) {
        if (!HIDDEN.includes(errorCode)) expectAnswer('DescribeConfigs', errorCode, errorMessage ?? name);
      }
      return new Map(described.filter((each) => each.errorCode === 0).map((each) => [each.name, each.configs]));
    },
  };
}
