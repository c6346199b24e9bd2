import type { Queryable } from '#libs/foundation/postgres';
import { firstSince } from '../../postgres/first-since.sql.ts';
import { readRanges, type TopicRanges } from '../../postgres/ranges.sql.ts';
import type { Release } from '../group.ts';
import { type NewPartition, planRebalance } from '../plan-rebalance.ts';
import { startOffset } from '../start-offset.ts';
import { advanceEpoch } from './advance-epoch.sql.ts';
import { changeSubscription } from './change-subscription.sql.ts';
import { expireMembers } from './expire-members.sql.ts';
import { freePartitions } from './free-partitions.sql.ts';
import { insertPartitions, type PartitionToInsert } from './insert-partitions.sql.ts';
import type { LockedGroup } from './lock-group.sql.ts';
import { readMembers } from './read-members.sql.ts';
import { readPartitions } from './read-partitions.sql.ts';
import { readStart } from './read-start.sql.ts';
import { readTopics } from './read-topics.sql.ts';
import { retargetPartitions } from './retarget-partitions.sql.ts';

/** The member on whose behalf the assignment is looked at. */
export interface Caller {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly released: readonly Release[];
}

export interface RebalanceResult {
  readonly epoch: bigint;
  /** False when the caller is not a member (any more). */
  readonly callerIsMember: boolean;
  readonly topicsKnown: ReadonlySet<string>;
}

/**
 * Brings the assignment of a group up to date: removes dead members, takes up partitions that are new, frees what was
 * released or has a dead owner, and says who shall have what. The caller of this function holds the lock of the group.
 */
export async function rebalance(
  tx: Queryable,
  group: LockedGroup,
  caller: Caller | null,
  membershipChanged: boolean,
): Promise<RebalanceResult> {
  const expired = await expireMembers(tx, group.id);
  let members = await readMembers(tx, group.id);
  const self = members.find((member) => member.memberId === caller?.memberId);
  const subscribes = caller !== null && self !== undefined && self.topics.join() !== caller.topics.join();
  if (subscribes) {
    await changeSubscription(tx, group.id, caller.memberId, caller.topics);
    members = members.map((member) => (member === self ? { ...member, topics: caller.topics } : member));
  }
  const topics = await readTopics(tx, [...new Set(members.flatMap((member) => member.topics))]);
  const plan = planRebalance({ members, topics, partitions: await readPartitions(tx, group.id) }, caller);

  if (plan.created.length > 0) {
    await insertPartitions(tx, group.id, await withStartOffsets(tx, group.id, plan.created));
  }
  if (plan.freed.length > 0) await freePartitions(tx, group.id, plan.freed);
  if (plan.retargeted.length > 0) {
    const changes = plan.retargeted.map(({ partition, target }) => ({ ...partition, target }));
    await retargetPartitions(tx, group.id, changes);
  }
  const changed =
    membershipChanged || subscribes || expired > 0 || plan.created.length > 0 || plan.retargeted.length > 0;
  return {
    epoch: changed ? await advanceEpoch(tx, group.id) : group.epoch,
    callerIsMember: self !== undefined,
    topicsKnown: new Set(topics.map((topic) => topic.topic)),
  };
}

/**
 * The start is decided here, once, and stored: were it decided when somebody claims the partition, records written in
 * between would be skipped by a group that starts at the end.
 */
async function withStartOffsets(
  tx: Queryable,
  groupId: number,
  created: readonly NewPartition[],
): Promise<PartitionToInsert[]> {
  const start = await readStart(tx, groupId);
  const ranges = new Map<string, TopicRanges | undefined>();
  for (const topic of new Set(created.map((partition) => partition.topic)))
    ranges.set(topic, await readRanges(tx, topic));
  const placed: PartitionToInsert[] = [];
  for (const partition of created) {
    const range = ranges.get(partition.topic)?.ranges[partition.partition];
    const since =
      start.from === 'time' && partition.firstOfTopic
        ? await firstSince(tx, partition.topicId, partition.partition, start.time)
        : undefined;
    placed.push({
      topicId: partition.topicId,
      partition: partition.partition,
      target: partition.target,
      startOffset: startOffset(start, {
        ...partition,
        startOffset: range?.startOffset ?? 0n,
        endOffset: range?.endOffset ?? 0n,
        offsetAtTime: since?.offset ?? null,
      }),
    });
  }
  return placed;
}
