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
