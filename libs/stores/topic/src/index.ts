export type {
  GroupDescription,
  GroupMemberStatus,
  GroupPartitionStatus,
  GroupState,
  GroupSummary,
} from './groups/group-status.ts';
export type { OffsetReset, ResetPoint, ResetRequest } from './groups/plan-reset.ts';
export { PostgresGroupAdmin } from './groups/postgres/postgres-group-admin.ts';
export { LogWatcher, type ReadCursor } from './log-watcher.ts';
export { PostgresTopicReader } from './postgres/postgres-topic-reader.ts';
export { readCursor } from './postgres/read-cursor.sql.ts';
export { PLACEHOLDER_HEADER, PLACEHOLDER_KEY, type RecordHeader, type TopicRecord } from './record.ts';
export { tailTopic, type TailStart } from './tail.ts';
export type {
  MessageTrace,
  PartitionRange,
  PositionPage,
  ReadLimits,
  RecordPage,
  TopicReader,
} from './topic-reader.ts';
