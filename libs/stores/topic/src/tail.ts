import type { LogWatcher } from './log-watcher.ts';
import type { TopicRecord } from './record.ts';
import type { ReadLimits, TopicReader } from './topic-reader.ts';

/** Where to begin in each partition. */
export type TailStart = ReadonlyMap<number, bigint>;

/** How long one wait for new records lasts before the ends are looked at again, in ms. */
const WAIT_MS = 15_000;

/**
 * Records of a topic from a start on, as they come: pages of one partition each, in order within a partition. Ends when
 * the signal is aborted. Nothing is read ahead of the consumer, so memory is one page. Partitions added meanwhile are
 * followed from their beginning.
 */
export async function* tailTopic(
  reader: TopicReader,
  watcher: LogWatcher,
  topic: string,
  start: TailStart,
  options: { limits: ReadLimits; only?: number; signal: AbortSignal },
): AsyncGenerator<readonly TopicRecord[]> {
  const next = new Map(start);
  while (!options.signal.aborted) {
    const cursor = await watcher.cursor();
    let found = false;
    for (const range of await reader.ranges(topic)) {
      if (options.only !== undefined && range.partition !== options.only) continue;
      const offset = next.get(range.partition) ?? 0n;
      if (offset >= range.endOffset || options.signal.aborted) continue;
      const page = await reader.read(topic, range.partition, offset, options.limits);
      next.set(range.partition, page.nextOffset);
      if (page.records.length === 0) continue;
      found = true;
      yield page.records;
    }
    if (!found) await watcher.waitBeyond(cursor, WAIT_MS, options.signal);
  }
}
