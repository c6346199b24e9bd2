import type { TopicMetadata } from '#libs/foundation/kafka';
import type { ClusterTopic } from '#libs/stores/log';
import type { LogTopic } from '../ports.ts';
import type { TopicRoute } from '../publisher-parts.ts';

export type TopicPlan =
  | { readonly kind: 'leave' }
  | { readonly kind: 'create' }
  | { readonly kind: 'extend'; readonly partitions: number }
  | { readonly kind: 'refuse'; readonly detail: string }
  /** Its state could not be learnt now. */
  | { readonly kind: 'wait'; readonly detail: string }
  /** `expandedTo`: the cluster has more partitions than the log; those of the log are published to. */
  | { readonly kind: 'publish'; readonly expandedTo: number | null };

const UNKNOWN_TOPIC = 3;
const AUTHORIZATION_FAILED = 29;

/**
 * What to do with a topic on a cluster. Partitions are chosen in Postgres, so the numbers must be the same: otherwise keys
 * would lie elsewhere than Java's partitioner puts them. A topic that was published to before may be extended, never shrunk.
 */
export function planTopic(
  topic: LogTopic,
  route: TopicRoute | undefined,
  stored: ClusterTopic | undefined,
  seen: TopicMetadata | undefined,
): TopicPlan {
  if (route === undefined) return { kind: 'leave' };
  if (route.partitions !== null && route.partitions !== topic.partitions)
    return refuse(
      `${topic.name} has ${topic.partitions} partitions, its route asks for ${route.partitions} on the cluster; the partition of a message is chosen once for all clusters: leave the number out of the route`,
    );
  if (seen === undefined || seen.errorCode === UNKNOWN_TOPIC) {
    if (route.create) return { kind: 'create' };
    return refuse(
      `${route.name} does not exist on the cluster; create it with ${topic.partitions} partitions, or let the route create it`,
    );
  }
  if (seen.errorCode === AUTHORIZATION_FAILED)
    return {
      kind: 'wait',
      detail: `${route.name}: not authorized; allow the principal DESCRIBE, WRITE and READ on it`,
    };
  if (seen.errorCode !== 0) return { kind: 'wait', detail: `${route.name}: Kafka error ${seen.errorCode}` };
  return comparePartitions(topic, route, stored, seen.partitions.length);
}

function comparePartitions(
  topic: LogTopic,
  route: TopicRoute,
  stored: ClusterTopic | undefined,
  onCluster: number,
): TopicPlan {
  if (onCluster === topic.partitions) return { kind: 'publish', expandedTo: null };
  const known = stored !== undefined && stored.kafkaTopicId !== null;
  const numbers = `${route.name} has ${onCluster} partitions on the cluster, ${topic.name} has ${topic.partitions} in the log`;
  if (!known)
    return refuse(
      `${numbers}; messages of a key would be elsewhere than Kafka's partitioner puts them: use a topic with ${topic.partitions} partitions, or another name by the route`,
    );
  if (onCluster > topic.partitions) return { kind: 'publish', expandedTo: onCluster };
  if (route.create) return { kind: 'extend', partitions: topic.partitions };
  return refuse(`${numbers}; add partitions to it, or let the route do so`);
}

function refuse(detail: string): TopicPlan {
  return { kind: 'refuse', detail };
}
