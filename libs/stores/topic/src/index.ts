export { DecodedRecords } from './decoded-records.ts';
export type { GroupStart, GroupView, OffsetCommit, OwnedPartition, Release, StartOffset } from './groups/group.ts';
export { type CommitOptions, GroupMember, type PollOptions } from './groups/group-member.ts';
export type { GroupMemberEvents, GroupMemberOptions } from './groups/group-member-options.ts';
export type {
  GroupDescription,
  GroupMemberStatus,
  GroupPartitionStatus,
  GroupState,
  GroupSummary,
} from './groups/group-status.ts';
export type { HandoverState } from './groups/handover.ts';
export { logRecordSource } from './groups/log-record-source.ts';
export type { PolledPartition } from './groups/owned-partitions.ts';
export { PatternSubscription, type PatternSubscriptionOptions } from './groups/pattern-subscription.ts';
export type { OffsetReset, ResetPoint, ResetRequest } from './groups/plan-reset.ts';
export type {
  CommitRequest,
  GroupCoordinator,
  HeartbeatRequest,
  JoinRequest,
  LeaveRequest,
  ReadRange,
  RecordRead,
  RecordSource,
} from './groups/ports.ts';
export { PostgresGroupAdmin } from './groups/postgres/postgres-group-admin.ts';
export { PostgresGroupCoordinator } from './groups/postgres/postgres-group-coordinator.ts';
export { recordBytes } from './groups/record-bytes.ts';
export type { TopicPartition } from './groups/topic-partition.ts';
export { isExactName, matchTopics, type TopicPattern } from './groups/topic-pattern.ts';
export { clampTime, type TimeWindow, unclampTime } from './kafka/clamp-time.ts';
export type { CloudEventsOptions } from './kafka/cloud-events.ts';
export { type ClusterRecord, clusterRecordOf, messageIdOf } from './kafka/cluster-record.ts';
export { MESSAGE_ID_HEADER, SCHEMA_ID_HEADER, TIME_HEADER, TOPIC_HEADER } from './kafka/header-names.ts';
export { type KafkaHeaderOptions, kafkaRecordOf, type KafkaRecordPlan, kafkaRecordPlan } from './kafka/kafka-record.ts';
export {
  type GroupProtocol,
  KafkaGroupCoordinator,
  type KafkaCoordinatorOptions,
} from './kafka-groups/kafka-group-coordinator.ts';
export { KafkaRecordSource } from './kafka-groups/kafka-record-source.ts';
export type { KafkaSourceOptions } from './kafka-groups/kafka-source-options.ts';
export { type KafkaTransport, kafkaTransport, type KafkaTransportOptions } from './kafka-groups/kafka-transport.ts';
export { LogWatcher, type ReadCursor } from './log-watcher.ts';
export { knownMessages } from './postgres/known-messages.sql.ts';
export { headsSince, type MovedHead } from './postgres/heads-since.sql.ts';
export { PostgresTopicReader } from './postgres/postgres-topic-reader.ts';
export { readCursor } from './postgres/read-cursor.sql.ts';
export { readRuns } from './postgres/read-runs.ts';
export { listAllTopics, type ListedTopic } from './postgres/topic-list.sql.ts';
export type { FoundRun, RunLimits, RunStart } from './record-run.ts';
export {
  PLACEHOLDER_HEADER,
  PLACEHOLDER_KEY,
  placeholderOf,
  type RecordHeader,
  type TopicRecord,
  UNKNOWN_POSITION,
} from './record.ts';
export type { StoredRecords } from './stored-records.ts';
export { tailTopic, type TailStart } from './tail.ts';
export type {
  MessageTrace,
  PartitionRange,
  PositionPage,
  ReadLimits,
  RecordPage,
  TopicReader,
} from './topic-reader.ts';
