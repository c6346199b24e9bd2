export { AffineMap, type PlacedRun, signedDistance } from './clusters/affine-map.ts';
export type { Batch, Head, Placeholder, PlaceholderReason } from './batch.ts';
export type {
  ChangedSegments,
  ClusterIdentity,
  ClusterLease,
  ClusterPartition,
  ClusterPlaceholder,
  ClusterStore,
  ClusterTopic,
  ClusterTopicState,
  PartitionProgress,
  PublishMode,
} from './clusters/cluster-state.ts';
export type {
  ClusterLag,
  ClusterStatus,
  PartitionLag,
  PartitionSegments,
  RoutedTopic,
} from './clusters/cluster-status.ts';
export { PostgresClusterStore } from './clusters/postgres/postgres-cluster-store.ts';
export { findRoutedTopic } from './clusters/postgres/find-routed-topic.sql.ts';
export { listRoutedTopics } from './clusters/postgres/list-routed-topics.sql.ts';
export { readClusterLag } from './clusters/postgres/read-lag.sql.ts';
export { readClusters } from './clusters/postgres/read-clusters.sql.ts';
export { readSegments } from './clusters/postgres/read-segments.sql.ts';
export { removeCluster, type RemovedCluster } from './clusters/postgres/remove-cluster.sql.ts';
export type { Segment, SegmentReason } from './clusters/segment.ts';
export { commitStep, type Step } from './postgres/commit-step.sql.ts';
export { type PartitionKey, partitionKey, readHeads } from './postgres/heads.sql.ts';
export { acquireLease, type HolderInfo, type Lease, releaseLease, renewLease } from './postgres/lease.sql.ts';
export { readSequencerStatus, type SequencerStatus } from './postgres/sequencer-status.sql.ts';
export type { ClusterRequest } from './clusters/cluster-request.ts';
export { type CanaryResult, readCanaries, saveCanary } from './clusters/postgres/cluster-canary.sql.ts';
export { requestClusterWork, type WorkAsked } from './clusters/postgres/cluster-requests.sql.ts';
export type { LeaseHolder } from './lease-holder.ts';
