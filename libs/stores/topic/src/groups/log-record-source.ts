import type { LogWatcher } from '../log-watcher.ts';
import type { TopicReader } from '../topic-reader.ts';
import type { RecordSource } from './ports.ts';

/** The records of Postgres topics, for members of groups. The watcher must be running. */
export function logRecordSource(reader: TopicReader, watcher: LogWatcher): RecordSource {
  return {
    read: async (topic, partition, fromOffset, limits) =>
      (await reader.read(topic, partition, fromOffset, limits)).records,
    ranges: (topic) => reader.ranges(topic),
    cursor: () => watcher.cursor(),
    waitBeyond: (cursor, timeoutMs, signal) => watcher.waitBeyond(cursor, timeoutMs, signal),
  };
}
