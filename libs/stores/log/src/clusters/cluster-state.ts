import type { ClusterRequest } from './cluster-request.ts';
import type { Segment } from './segment.ts';

/** How records get to a cluster: each exactly once at a known offset, or at least once and in order. */
export type PublishMode = 'exact' | 'at-least-once';

/** The right to publish to a cluster, for as long as the term is the newest. */
export interface ClusterLease {
  readonly clusterId: number;
  readonly term: bigint;
}

/** What is remembered of a cluster, whoever publishes to it. */
export interface ClusterIdentity {
  /** Kafka's own id of the cluster; null until it was reached. */
  readonly kafkaClusterId: string | null;
  /** Drawn once, never again: a new one would disarm the brokers' check of sequences. */
  readonly producer: { readonly id: bigint; readonly epoch: number } | null;
  readonly mode: PublishMode | null;
  readonly modeReason: string | null;
}

export type ClusterTopicState = 'publishing' | 'not routed' | 'refused';

export interface ClusterTopic {
  readonly topicId: number;
  /** Its name on the cluster. */
  readonly name: string;
  /** Kafka's id of the topic (KIP-516) when it was last seen; null before. */
  readonly kafkaTopicId: string | null;
  readonly state: ClusterTopicState;
  /** Why it is refused; empty otherwise. */
  readonly detail: string;
}

export interface ClusterPartition {
  readonly topicId: number;
  readonly partition: number;
  /** Log offset: the records before it are on the cluster. */
  readonly ackedOffset: bigint;
  /** Position of the last of them; 0 without any. */
  readonly ackedPosition: bigint;
  /** The term under which a batch was first sent to it, whether or not it arrived; null: nothing was ever sent. */
  readonly openedTerm: bigint | null;
  /** Why it stands still; null while it does not. */
  readonly trouble: string | null;
  /** In order; empty before the first record. */
  readonly segments: readonly Segment[];
}

export interface ChangedSegments {
  readonly topicId: number;
  readonly partition: number;
  /** In the order of their offsets. */
  readonly segments: readonly Segment[];
}

export interface PartitionProgress {
  readonly topicId: number;
  readonly partition: number;
  readonly ackedOffset: bigint;
  readonly ackedPosition: bigint;
  readonly trouble: string | null;
}

/** A record that this cluster refused: a placeholder stands at its offset there. */
export interface ClusterPlaceholder {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly reason: 'too-large';
  readonly detail: string;
}

/**
 * Where publishing to clusters stands. Each write is conditional on the lease's term and answers false when another
 * publisher has taken over; nothing is changed then.
 */
export interface ClusterStore {
  /** Takes the lease when it is free, expired or held under this name; makes the row of a cluster that is new. */
  acquire(
    cluster: { readonly name: string; readonly required: boolean },
    holder: string,
    info: { readonly host: string; readonly pid: number },
    leaseMs: number,
  ): Promise<(ClusterLease & { readonly identity: ClusterIdentity }) | undefined>;
  renew(lease: ClusterLease, leaseMs: number): Promise<boolean>;
  release(lease: ClusterLease): Promise<boolean>;
  saveIdentity(lease: ClusterLease, identity: ClusterIdentity): Promise<boolean>;
  topics(clusterId: number): Promise<readonly ClusterTopic[]>;
  saveTopics(lease: ClusterLease, topics: readonly ClusterTopic[]): Promise<boolean>;
  partitions(clusterId: number): Promise<readonly ClusterPartition[]>;
  /** Notes that batches will be sent to partitions for the first time. To be called before the first is sent. */
  markOpened(lease: ClusterLease, partitions: readonly { topicId: number; partition: number }[]): Promise<boolean>;
  /** Replaces the segments of partitions, each given once, from the first given one's offset on. At least one of each. */
  saveSegments(lease: ClusterLease, partitions: readonly ChangedSegments[]): Promise<boolean>;
  /** Also prolongs the lease. May move a partition back: a cluster can lose records. */
  saveProgress(lease: ClusterLease, leaseMs: number, progress: readonly PartitionProgress[]): Promise<boolean>;
  savePlaceholder(lease: ClusterLease, placeholder: ClusterPlaceholder): Promise<boolean>;
  placeholders(clusterId: number, topicId: number): Promise<readonly ClusterPlaceholder[]>;
  /** What people ask for, each once; none when the lease is over. */
  takeRequests(lease: ClusterLease): Promise<readonly ClusterRequest[]>;
}
