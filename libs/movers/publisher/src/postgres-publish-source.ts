import type { CopySource, Queryable } from '#libs/foundation/postgres';
import { headsSince, listAllTopics, type LogWatcher, readRuns } from '#libs/stores/topic';
import type { PublishSource } from './ports.ts';

/**
 * The log of one database as publishers read it. Holds nothing between calls; several publishers may share it. Heads of
 * partitions whose start offset was raised without new records come only when all are asked for (cursor 0).
 */
export function postgresPublishSource(
  db: Queryable & CopySource,
  watcher: Pick<LogWatcher, 'waitBeyond'>,
): PublishSource {
  return {
    topics: () => listAllTopics(db),
    heads: (sinceCursor) => headsSince(db, sinceCursor),
    read: (wanted, limits) => readRuns(db, wanted, limits),
    waitBeyond: async (cursor, timeoutMs, signal) => {
      await watcher.waitBeyond(cursor, timeoutMs, signal);
    },
  };
}
