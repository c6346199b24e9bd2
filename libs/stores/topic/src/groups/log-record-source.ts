import type { LogWatcher } from '../log-watcher.ts';
import type { TopicReader } from '../topic-reader.ts';
import type { RecordSource } from './ports.ts';

/** The records of Postgres topics, for members of groups. The watcher must be running. */
export function logRecordSource(reader: TopicReader, watcher: LogWatcher): RecordSource {
  return {
    read: (topic, partition, fromOffset, limits) => reader.read(topic, partition, fromOffset, limits),
    ranges: (topic) => reader.ranges(topic),
    cursor: () => watcher.cursor(),
    waitBeyond: (cursor, timeoutMs, signal) => watcher.waitBeyond(cursor, timeoutMs, signal),
  };
}
