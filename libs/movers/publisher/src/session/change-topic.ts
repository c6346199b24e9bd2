import { KAFKA_ERROR, kafkaErrorName, type TopicOutcome } from '#libs/foundation/kafka';
import { describeError } from '#libs/foundation/kernel';
import type { TopicPlan } from '../topics/plan-topic.ts';
import type { SessionContext } from './session-context.ts';

/**
 * Creates a topic or adds partitions to it, as planned. Answers why the cluster did not; undefined when it did, or when somebody
 * else was faster. What was made is taken up in the next pass, when the brokers know it.
 */
export async function changeTopic(
  clusterTopic: string,
  plan: Extract<TopicPlan, { action: 'create' | 'grow' }>,
  { parts, options }: SessionContext,
): Promise<string | undefined> {
  const { client } = parts;
  let outcome: TopicOutcome | undefined;
  try {
    if (plan.action === 'create') [outcome] = await client.createTopics([plan.create], options.requestTimeoutMs);
    else outcome = await client.createPartitions(clusterTopic, plan.to, options.requestTimeoutMs);
  } catch (error) {
    return `the cluster does not make ${clusterTopic}: ${describeError(error)}`;
  }
  if (outcome === undefined || outcome.errorCode === 0) return undefined;
  if (outcome.errorCode === KAFKA_ERROR.TOPIC_ALREADY_EXISTS) return undefined;
  const error = `${kafkaErrorName(outcome.errorCode)} ${outcome.errorMessage ?? ''}`;
  return `the cluster does not make ${clusterTopic} as asked for: ${error}`;
}
