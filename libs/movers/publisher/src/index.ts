export type { ClusterConfig } from './configuration/cluster-config.ts';
export { clusterSettings } from './configuration/cluster-settings.ts';
export { type LoadClustersOptions, type LoadedClusters, loadClusters } from './configuration/load-clusters.ts';
export { renderClusterDocs } from './configuration/render-cluster-docs.ts';
export {
  type FailoverPlan,
  type FailoverVerdict,
  type PartitionFailover,
  planFailover,
  type SharedPartition,
} from './failover/plan-failover.ts';
export { type ClusterContent, sharedPartitions } from './failover/shared-partitions.ts';
export { translateOffset, type Translation } from './failover/translate-offset.ts';
export type { LocationCause, StopReason } from './lane/evidence.ts';
export type { LanePhase } from './lane/lane-phase.ts';
export type { LogHead, LogTopic, PublishSource, ReadLimits, RecordRun, RunWanted } from './ports.ts';
export { Publisher } from './publisher.loop.ts';
export type { LaneName, PublisherObserver } from './publisher-observer.ts';
export { PUBLISHER_DEFAULTS, type PublisherOptions } from './publisher-options.ts';
export type { PublisherParts } from './publisher-parts.ts';
export type { LaneStatus, PublisherStatus } from './publisher-status.ts';
export { type AssessedTopic, assessTopic, type TopicWarning, type TopicWarningCode } from './topics/assess-topic.ts';
export { planTopic, type TopicPlan, type TopicPlanContext } from './topics/plan-topic.ts';
export { routeOf, type TopicNotRouted, type TopicRoute, type TopicRules } from './topics/route.ts';
export { routesOf } from './topics/routes.ts';
export { timeWindow, type TopicConfigs, topicLimits, type TopicLimits } from './topics/topic-limits.ts';
export { matchesTopic, parseTopicPattern, type TopicPattern } from './topics/topic-pattern.ts';
export { tooLargeRecord } from './batch/too-large-record.ts';
export { type ClusterBounds, ClusterReader, type ClusterReaderParts } from './verify/cluster-reader.ts';
export type { Finding, FindingKind } from './verify/finding.ts';
export { type PartitionToVerify, verifyPartition, type VerifySources } from './verify/verify-partition.ts';
export { FINDINGS_LISTED_MAX, type ListingRoom, VerifyReport } from './verify/verify-report.ts';
export { postgresPublishSource } from './postgres-publish-source.ts';
