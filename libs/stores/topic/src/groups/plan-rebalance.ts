import { assign } from './assign.ts';
import type { Release } from './group.ts';
import type { Subscriber } from './subscriber.ts';
import { comparePartitions, partitionKey, type TopicPartition } from './topic-partition.ts';

/** A topic that somebody subscribes to and that exists. */
export interface KnownTopic {
  readonly topicId: number;
  readonly topic: string;
  readonly partitions: number;
}

/** A partition of a group as it is stored. */
export interface GroupPartition extends TopicPartition {
  readonly topicId: number;
  readonly owner: string | null;
  readonly target: string | null;
  readonly assignmentEpoch: bigint;
}

export interface GroupSnapshot {
  readonly members: readonly Subscriber[];
  readonly topics: readonly KnownTopic[];
  readonly partitions: readonly GroupPartition[];
}

export interface NewPartition extends TopicPartition {
  readonly topicId: number;
  readonly target: string | null;
  /** True when the group sees the topic for the first time: it starts where the group starts, else at the beginning. */
  readonly firstOfTopic: boolean;
}

export interface RebalancePlan {
  /** Partitions of subscribed topics that the group has no row for yet. */
  readonly created: readonly NewPartition[];
  /** Partitions whose target changes. */
  readonly retargeted: readonly { readonly partition: GroupPartition; readonly target: string | null }[];
  /** Partitions that lose their owner: released by it, or it is not a member any more. */
  readonly freed: readonly GroupPartition[];
}

/** What has to change in a group: a pure function of what is stored and of what the caller releases. */
export function planRebalance(
  snapshot: GroupSnapshot,
  releasedBy: { memberId: string; released: readonly Release[] } | null,
): RebalancePlan {
  const known = new Map(snapshot.partitions.map((partition) => [partitionKey(partition), partition]));
  const seen = new Set(snapshot.partitions.map((partition) => partition.topicId));
  const wanted = snapshot.topics.flatMap((topic) =>
    Array.from({ length: topic.partitions }, (_, partition) => ({
      topicId: topic.topicId,
      topic: topic.topic,
      partition,
    })),
  );
  const current = new Map<string, string>();
  for (const partition of snapshot.partitions)
    if (partition.target !== null) current.set(partitionKey(partition), partition.target);
  const targets = assign(snapshot.members, wanted, current);
  const targetOf = (partition: TopicPartition): string | null => targets.get(partitionKey(partition)) ?? null;

  return {
    created: wanted
      .filter((partition) => !known.has(partitionKey(partition)))
      .map((partition) => ({ ...partition, target: targetOf(partition), firstOfTopic: !seen.has(partition.topicId) }))
      .sort(comparePartitions),
    retargeted: snapshot.partitions
      .filter((partition) => targetOf(partition) !== partition.target)
      .map((partition) => ({ partition, target: targetOf(partition) })),
    freed: snapshot.partitions.filter((partition) => isFreed(partition, snapshot.members, releasedBy)),
  };
}

function isFreed(
  partition: GroupPartition,
  members: readonly Subscriber[],
  releasedBy: { memberId: string; released: readonly Release[] } | null,
): boolean {
  if (partition.owner === null) return false;
  if (!members.some((member) => member.memberId === partition.owner)) return true;
  if (partition.owner !== releasedBy?.memberId) return false;
  return releasedBy.released.some(
    (release) =>
      release.assignmentEpoch === partition.assignmentEpoch && partitionKey(release) === partitionKey(partition),
  );
}
