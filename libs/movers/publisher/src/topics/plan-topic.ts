import { KAFKA_ERROR, type TopicMetadata, type TopicToCreate } from '#libs/foundation/kafka';
import type { TopicRoute } from './route.ts';

export interface TopicPlanContext {
  /** Whether anything was ever published to it under this route. The first contact is strict, later ones go on. */
  readonly published: boolean;
  /** Whether topics and partitions may be created. */
  readonly createTopics: boolean;
}

/** What to do about a topic on a cluster before records are sent to it. */
export type TopicPlan =
  | { readonly action: 'create'; readonly create: TopicToCreate }
  | { readonly action: 'publish' }
  /** The log topic grew: partitions are to be added on the cluster, `to` altogether; those there are published meanwhile. */
  | { readonly action: 'grow'; readonly from: number; readonly to: number }
  /** Nothing may be sent. Looked at again with the next metadata. */
  | { readonly action: 'refuse'; readonly detail: string }
  /** Not as it should be: partitions below `partitions` are published, a person should look. */
  | { readonly action: 'alarm'; readonly partitions: number; readonly detail: string };

/** Compares a topic as the cluster has it (undefined: not at all) with its route. */
export function planTopic(
  existing: TopicMetadata | undefined,
  route: TopicRoute,
  context: TopicPlanContext,
): TopicPlan {
  if (existing === undefined || existing.errorCode === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION)
    return absent(route, context);
  // A topic has this error for a moment after it was created, and while partitions have no leader: lanes wait for those.
  if (existing.errorCode !== 0 && existing.errorCode !== KAFKA_ERROR.LEADER_NOT_AVAILABLE) {
    return { action: 'refuse', detail: metadataError(existing.errorCode, route.name) };
  }
  const { partitions: wanted } = route;
  const found = existing.partitions.length;
  if (found === wanted) return { action: 'publish' };
  if (found === 0) return { action: 'refuse', detail: `the cluster does not tell the partitions of ${route.name} yet` };
  if (!context.published) return { action: 'refuse', detail: otherPartitions(route, found) };
  if (found > wanted) return { action: 'alarm', partitions: wanted, detail: expandedByOthers(route, found) };
  if (context.createTopics) return { action: 'grow', from: found, to: wanted };
  return { action: 'alarm', partitions: found, detail: mayNotGrow(route, found) };
}

function absent(route: TopicRoute, { createTopics }: TopicPlanContext): TopicPlan {
  const { name, partitions, replicationFactor, configs } = route;
  if (createTopics) return { action: 'create', create: { name, partitions, replicationFactor, configs } };
  return {
    action: 'refuse',
    detail: `the cluster has no topic ${name}, and createTopics is false; create it with ${count(partitions)}, or set createTopics to true`,
  };
}

function metadataError(errorCode: number, name: string): string {
  if (errorCode === KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED) {
    return `the cluster does not let us see ${name}; grant DESCRIBE, READ and WRITE on it, and CREATE where topics are to be created`;
  }
  return `the cluster answers error ${errorCode} of Kafka when asked about ${name}`;
}

const count = (partitions: number): string => (partitions === 1 ? '1 partition' : `${partitions} partitions`);

/** Records keep the partition that the log gave them, so both must have the same number of partitions. */
function otherPartitions({ topic, name, partitions }: TopicRoute, found: number): string {
  const both = `topic ${topic} has ${count(partitions)}, and ${name} exists on the cluster with ${found}`;
  const elsewhere = `delete ${name} there if nobody needs it, or choose another name for ours with naming`;
  return found > partitions
    ? `${both}; give the log topic ${found} (tidemark topics alter; keys move to other partitions), or ${elsewhere}`
    : `${both}; add partitions there (kafka-topics.sh --alter --topic ${name} --partitions ${partitions}), or ${elsewhere}`;
}

function expandedByOthers({ topic, name, partitions }: TopicRoute, found: number): string {
  return (
    `somebody gave ${name} ${found} partitions, topic ${topic} has ${partitions}; we go on with those, the others stay empty. ` +
    `Producers and joins that choose partitions by themselves now disagree with ours: give the log topic ${found} ` +
    '(tidemark topics alter; keys move to other partitions), and find out who expanded it'
  );
}

function mayNotGrow({ topic, name, partitions }: TopicRoute, found: number): string {
  return (
    `topic ${topic} has ${count(partitions)}, ${name} on the cluster has ${found}, and createTopics is false; ` +
    `records of the others wait until somebody adds them (kafka-topics.sh --alter --topic ${name} --partitions ${partitions})`
  );
}
