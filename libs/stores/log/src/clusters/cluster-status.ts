import type { LeaseHolder } from '../lease-holder.ts';
import type { ClusterIdentity, ClusterTopic } from './cluster-state.ts';
import type { Segment } from './segment.ts';

/** A cluster as people and metrics see it, whoever publishes. */
export interface ClusterStatus extends ClusterIdentity {
  readonly clusterId: number;
  readonly name: string;
  readonly required: boolean;
  readonly term: bigint;
  /** Who publishes; null when nobody holds the lease. */
  readonly publisher: LeaseHolder | null;
  readonly topics: { readonly publishing: number; readonly notRouted: number; readonly refused: number };
  readonly partitions: number;
  /** Partitions that stand still. */
  readonly troubled: number;
  readonly segments: number;
  /** Whether every record has the same offset on the cluster as in the log. */
  readonly deltaZeroEverywhere: boolean;
  readonly placeholders: number;
}

/** What a partition of the log has and a cluster lacks. */
export interface PartitionLag {
  readonly topicId: number;
  readonly topic: string;
  readonly partition: number;
  readonly messages: bigint;
  /** Age of the oldest of them in ms: of the batch it is in, so at most the time of one step too high. */
  readonly behindMs: number;
  readonly trouble: string | null;
}

/** What a cluster lacks of the topics that it shall have; refused ones count. */
export interface ClusterLag {
  readonly clusterId: number;
  readonly cluster: string;
  readonly messages: bigint;
  /** Age of the oldest record that it lacks in ms; 0 without any. */
  readonly behindMs: number;
  /** Partitions that lack records, in order of topic id and partition; all others have everything. */
  readonly partitions: readonly PartitionLag[];
}

/** The runs of offsets of one partition on a cluster. */
export interface PartitionSegments {
  readonly partition: number;
  /** Log offset: the records before it are on the cluster. */
  readonly ackedOffset: bigint;
  /** Why it stands still; null while it does not. */
  readonly trouble: string | null;
  readonly segments: readonly Segment[];
}

/** A topic whose routing to a cluster is decided. */
export interface RoutedTopic extends ClusterTopic {
  /** Its own name; `name` is the one on the cluster. */
  readonly topic: string;
}
