export type { LogHead, LogTopic, PublishSource, RecordRun, RunWanted } from './ports.ts';
