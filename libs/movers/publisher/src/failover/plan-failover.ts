import type { GroupOffset } from '#libs/foundation/kafka';
import type { AffineMap } from '#libs/stores/log';
import { translateOffset } from './translate-offset.ts';

/** A partition on both clusters. */
export interface SharedPartition {
  /** The topic's own name, and its names on the clusters. */
  readonly topic: string;
  readonly partition: number;
  readonly nameOnTarget: string;
  readonly source: AffineMap;
  readonly target: AffineMap;
  /** Log offset: the target has all records before it. */
  readonly targetAcked: bigint;
}

/**
 * copy: the target has everything that the group has handled. behind: it does not yet, so that the group would read
 * records again, or find its offset out of range. not there: the target has nothing of the topic. foreign: not a
 * topic of this database.
 */
export type FailoverVerdict = 'copy' | 'behind' | 'not there' | 'foreign';

export interface PartitionFailover {
  /** As the source cluster names it. */
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly verdict: FailoverVerdict;
  /** Null for a topic that is not on the target. */
  readonly to: { readonly topic: string; readonly offset: bigint } | null;
  /** Records that the target still lacks, or that it never got. */
  readonly lacking: bigint;
  readonly detail: string;
}

export interface FailoverPlan {
  readonly partitions: readonly PartitionFailover[];
  /** False while any partition is behind or not there: nothing must be copied then. */
  readonly ready: boolean;
}

/**
 * What to commit for a group on another cluster, from what it has committed on the first one. Pure. `find` knows a partition by
 * its name on the source cluster. Topics of others are reported and left alone.
 */
export function planFailover(
  committed: readonly GroupOffset[],
  find: (topic: string, partition: number) => SharedPartition | 'not on the target' | undefined,
): FailoverPlan {
  const partitions = committed.map((offset) => planPartition(offset, find(offset.topic, offset.partition)));
  return { partitions, ready: partitions.every(({ verdict }) => verdict === 'copy' || verdict === 'foreign') };
}

function planPartition(
  { topic, partition, offset }: GroupOffset,
  shared: SharedPartition | 'not on the target' | undefined,
): PartitionFailover {
  const at = { topic, partition, fromOffset: offset };
  if (shared === undefined) {
    const detail = 'no topic of this database is published there under this name; its offset is left alone';
    return { ...at, verdict: 'foreign', to: null, lacking: 0n, detail };
  }
  const translation =
    shared === 'not on the target' ? undefined : translateOffset(shared.source, shared.target, offset);
  if (shared === 'not on the target' || translation === undefined) {
    const detail = 'the target cluster has no records of this partition; route the topic to it and wait for it';
    return { ...at, verdict: 'not there', to: null, lacking: 0n, detail };
  }
  const { logOffset, clusterOffset, skipped } = translation;
  const to = { topic: shared.nameOnTarget, offset: clusterOffset };
  if (logOffset > shared.targetAcked) {
    const lacking = logOffset - shared.targetAcked;
    return { ...at, verdict: 'behind', to, lacking, detail: `the target lacks ${lacking} records that were handled` };
  }
  const detail = skipped > 0n ? `${skipped} records were pruned before the target got them` : '';
  return { ...at, verdict: 'copy', to, lacking: skipped, detail };
}
