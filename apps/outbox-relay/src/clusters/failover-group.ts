import { type GroupOffset, type KafkaClient, kafkaErrorName } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { type ClusterContent, type FailoverPlan, planFailover, sharedPartitions } from '#libs/movers/publisher';
import { PostgresClusterStore } from '#libs/stores/log';
import { listAllTopics } from '#libs/stores/topic';

/** One side of a failover. */
export interface FailoverSide {
  readonly name: string;
  readonly clusterId: number;
  readonly client: Pick<KafkaClient, 'groupOffsets' | 'groupMembers' | 'commitGroupOffsets'>;
}

export interface GroupFailoverPlan extends FailoverPlan {
  /** What the group has committed on the source, with its metadata. */
  readonly committed: readonly GroupOffset[];
  /** What it has committed on the target so far. */
  readonly before: readonly GroupOffset[];
  /** They go on committing on the source, which nobody copies. */
  readonly membersOnSource: number;
  readonly membersOnTarget: number;
}

/** What became of one partition; undefined where nothing had to be committed. */
export type CommitOutcome = 'committed' | { readonly failed: string };

/** Plans the failover from what both clusters and the database say now. Throws CLUSTER_GROUP_UNKNOWN, and what the client throws. */
export async function planGroupFailover(
  db: Queryable,
  group: string,
  source: FailoverSide,
  target: FailoverSide,
): Promise<GroupFailoverPlan> {
  const committed = (await source.client.groupOffsets(group)).toSorted(inOrder);
  if (committed.length === 0)
    throw new TidemarkError('CLUSTER_GROUP_UNKNOWN', `group '${group}' has committed nothing on '${source.name}'`);
  const membersOnSource = await source.client.groupMembers(group);
  const membersOnTarget = await target.client.groupMembers(group);
  const before = await target.client.groupOffsets(group);
  // Read after the offsets: what the target has acked since only makes the plan better.
  const topics = await listAllTopics(db);
  const names = new Map(topics.map(({ topicId, name }) => [topicId, name]));
  const [from, to] = [await contentOf(db, source.clusterId), await contentOf(db, target.clusterId)];
  const find = sharedPartitions(from, to, (topicId) => names.get(topicId) ?? String(topicId));
  return { ...planFailover(committed, find), committed, before, membersOnSource, membersOnTarget };
}

function inOrder(one: GroupOffset, other: GroupOffset): number {
  if (one.topic === other.topic) return one.partition - other.partition;
  return one.topic < other.topic ? -1 : 1;
}

async function contentOf(db: Queryable, clusterId: number): Promise<ClusterContent> {
  const store = new PostgresClusterStore(db);
  return { topics: await store.topics(clusterId), partitions: await store.partitions(clusterId) };
}

const DETAILS_MAX = 20;

/** Throws FAILOVER_GROUP_ACTIVE and FAILOVER_NOT_READY, with what stands in the way. */
export function requireReady(plan: GroupFailoverPlan, group: string, target: string): void {
  if (plan.membersOnTarget > 0) {
    const detail = `group '${group}' has ${plan.membersOnTarget} members on '${target}', whose commits would win`;
    throw new TidemarkError('FAILOVER_GROUP_ACTIVE', detail, { context: { members: plan.membersOnTarget } });
  }
  if (plan.ready) return;
  const inTheWay = plan.partitions.filter(({ verdict }) => verdict === 'behind' || verdict === 'not there');
  const details = inTheWay.map(({ topic, partition, detail }) => `${topic}-${partition}: ${detail}`);
  throw new TidemarkError(
    'FAILOVER_NOT_READY',
    `'${target}' is not ready for group '${group}': ${inTheWay.length} of ${plan.partitions.length} partitions stand in the way`,
    {
      context: {
        partitionsInTheWay: inTheWay.length,
        partitions: details.slice(0, DETAILS_MAX).join('; '),
      },
    },
  );
}

/**
 * Commits what the plan says on the target and reads it back. Answers per partition of the plan, in its order: a commit
 * that was refused, or that cannot be read back, does not take back the others.
 */
export async function copyGroupOffsets(
  plan: GroupFailoverPlan,
  group: string,
  target: FailoverSide,
): Promise<readonly (CommitOutcome | undefined)[]> {
  const wanted = plan.partitions.map((each, index) =>
    each.verdict === 'copy' && each.to !== null
      ? { ...each.to, partition: each.partition, metadata: plan.committed[index]!.metadata }
      : undefined,
  );
  const offsets = wanted.filter((each) => each !== undefined);
  if (offsets.length === 0) return wanted.map(() => undefined);
  const outcomes = await target.client.commitGroupOffsets(group, offsets);
  const after = await target.client.groupOffsets(group);
  return wanted.map((each) => {
    if (each === undefined) return undefined;
    const errorCode = find(outcomes, each)?.errorCode;
    if (errorCode === undefined) return { failed: 'the cluster said nothing about it' };
    if (errorCode !== 0) return { failed: kafkaErrorName(errorCode) };
    const there = find(after, each)?.offset;
    return there === each.offset ? 'committed' : { failed: `the cluster has ${there ?? 'nothing'} committed instead` };
  });
}

export function find<T extends { readonly topic: string; readonly partition: number }>(
  among: readonly T[],
  { topic, partition }: { readonly topic: string; readonly partition: number },
): T | undefined {
  return among.find((each) => each.topic === topic && each.partition === partition);
}
