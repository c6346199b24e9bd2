import type { KafkaRecord } from '#libs/foundation/kafka';
import type { PlacedRun } from '#libs/stores/log';
import type { TopicRecord } from '#libs/stores/topic';
import type { ExpectedRecord } from './compare-window.ts';
import { runsWithin } from './runs-within.ts';

/** A run of offsets of a cluster up to `to` (exclusive), from where the one before it ends, and all records that belong there. */
export interface ExpectedWindow {
  readonly to: bigint;
  readonly expected: readonly ExpectedRecord[];
}

export interface ExpectedSources {
  /** Records of the log from an offset on, at most so many; fewer when they are large. */
  readLog(offset: bigint, limit: number): Promise<readonly TopicRecord[]>;
  recordFor(record: TopicRecord): KafkaRecord;
}

/**
 * What belongs on a cluster from `begin` (inclusive) to `end` (exclusive), window by window, as far as one reading of the log
 * goes: no more than that is in memory.
 */
export async function* expectedWindows(
  runs: readonly PlacedRun[],
  { begin, end }: { readonly begin: bigint; readonly end: bigint },
  log: ExpectedSources,
): AsyncGenerator<ExpectedWindow> {
  for (const { from, to, delta } of runsWithin(runs, begin, end)) {
    for (let offset = from; offset < to;) {
      const records = (await log.readLog(offset, Number(to - offset))).filter((record) => record.offset < to);
      const last = records.at(-1);
      if (last === undefined) break;
      offset = last.offset + 1n;
      const expected = records.map((record) => ({
        clusterOffset: record.offset + delta,
        logOffset: record.offset,
        messageId: record.messageId,
        record: log.recordFor(record),
      }));
      yield { to: offset + delta, expected };
    }
  }
  yield { to: end, expected: [] };
}
