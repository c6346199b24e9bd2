import { setTimeout as pause } from 'node:timers/promises';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';
import { LogWatcher, PostgresTopicReader, readCursor, tailTopic, type TopicRecord } from '#libs/stores/topic';
import type { BenchDatabase } from '../bench-server.ts';

const STOP_MS = 10_000;
const LIMITS = { maxRecords: 1_000, maxBytes: 4_000_000 };

export interface RelayAndTail {
  /** Records that the reader had so far. */
  seen(): number;
  /** After the next page, or a short while. */
  nextPage(): Promise<void>;
  stop(): Promise<void>;
}

/** A sequencer and a reader that tails a topic from what is in the log now, in this process and on pools of their own. */
export async function startRelayAndTail(
  database: Pick<BenchDatabase, 'pool'>,
  topic: string,
  onPage: (records: readonly TopicRecord[]) => void,
): Promise<RelayAndTail> {
  const relayDb = database.pool(2);
  const readerDb = database.pool(2);
  const failures: unknown[] = [];
  const watcher = new LogWatcher(
    () => readCursor(readerDb),
    (error) => failures.push(error),
  );
  const sequencer = new Sequencer(
    outboxSource(relayDb),
    logSink(relayDb),
    {
      ledSince: () => undefined,
      ledNoMore: () => undefined,
      committed: (step) => void watcher.moved(step.cursor),
      failed: (error) => failures.push(error),
    },
    { ...SEQUENCER_DEFAULTS, holder: `bench-${process.pid}`, info: { host: 'bench', pid: process.pid } },
  );
  const reader = new PostgresTopicReader(readerDb);
  const start = new Map((await reader.ranges(topic)).map((range) => [range.partition, range.endOffset]));
  await sequencer.start();
  await watcher.start();
  const end = new AbortController();
  let seen = 0;
  const tailing = (async () => {
    for await (const records of tailTopic(reader, watcher, topic, start, { limits: LIMITS, signal: end.signal })) {
      seen += records.length;
      onPage(records);
    }
  })();
  return {
    seen: () => seen,
    nextPage: () => pause(5),
    stop: async () => {
      end.abort();
      await tailing;
      await watcher.stop(STOP_MS);
      await sequencer.stop(STOP_MS);
      if (failures.length > 0) throw new AggregateError(failures, 'the relay failed while it was measured');
    },
  };
}
