import type { LogWatcher } from './log-watcher.ts';
import type { TopicRecord } from './record.ts';
import type { ReadLimits, TopicReader } from './topic-reader.ts';

/** Where to begin in each partition. */
export type TailStart = ReadonlyMap<number, bigint>;

/** How long one wait for new records lasts before the ends are looked at again, in ms. */
const WAIT_MS = 15_000;

/**
 * Records of a topic from a start on, as they come: pages of one partition each, in order within a partition. Ends when
 * the signal is aborted. Nothing is read ahead of the consumer, so memory is what `limits` allow. Partitions added
 * meanwhile are followed from their beginning.
 */
export async function* tailTopic(
  reader: TopicReader,
  watcher: LogWatcher,
  topic: string,
  start: TailStart,
  options: { limits: ReadLimits; only?: number; signal: AbortSignal },
): AsyncGenerator<readonly TopicRecord[]> {
  const { limits, only, signal } = options;
  const next = new Map(start);
  // Whatever the cursor has passed is seen by the reads that follow, so only a newer one is worth waiting for.
  let cursor = await watcher.cursor();
  while (!signal.aborted) {
    const pages =
      only === undefined
        ? await reader.readEach(topic, next, limits)
        : [await reader.read(topic, only, next.get(only) ?? 0n, limits)];
    let found = false;
    for (const page of pages) {
      if (signal.aborted) return;
      if (page.records.length === 0) continue;
      found = true;
      next.set(page.range.partition, page.nextOffset);
      yield page.records;
    }
    if (!found) cursor = await watcher.waitBeyond(cursor, WAIT_MS, signal);
  }
}
