import { assert } from '#libs/foundation/kernel';
import type { CopySource, Queryable } from '#libs/foundation/postgres';
import { type PagePlan, planPages } from '../page-plan.ts';
import { placeholderOf, type TopicRecord } from '../record.ts';
import type { FoundRun, RunStart } from '../record-run.ts';
import type { ReadLimits } from '../topic-reader.ts';
import { copyMessages } from './copy-messages.sql.ts';
import { recordOf } from './fetch-messages.sql.ts';
import { type LocatedRun, locateRuns } from './locate-runs.sql.ts';
import { readPlaceholders } from './placeholders.sql.ts';
import { startOffsetsOf } from './start-offsets.sql.ts';

/**
 * A run for each wanted partition that has records at its offset and for which the limits leave room: they hold for all runs
 * together (sizes as the mean of each batch; one record may exceed them), and the partition whose next record is the oldest
 * comes first. Each partition may be wanted once. A partition that retention has taken the offset of has no run.
 * Two statements, whatever the number of partitions, and one more per run with placeholders.
 */
export async function readRuns(
  db: Queryable & CopySource,
  wanted: readonly RunStart[],
  limits: ReadLimits,
): Promise<FoundRun[]> {
  if (wanted.length === 0 || limits.maxRecords <= 0 || limits.maxBytes <= 0) return [];
  const plans = planPages(await locateRuns(db, wanted, limits.maxRecords), limits);
  if (plans.length === 0) return [];
  const runs = plans.map(({ located, plan }) => ({ located, plan, records: [] as TopicRecord[] }));
  const messages = await copyMessages(db, messagesOf(plans.map(({ plan }) => plan)));
  const runAt = placesOf(runs);
  for (let message = messages.next(); message !== undefined; message = messages.next()) {
    // Positions of a partition ascend with its offsets. A run that misses one is left out below, so its offsets do not matter.
    const { located, records } = runAt.get(Number(message.position))!;
    const { partition, offset } = located.start;
    records.push(recordOf(message, located.topic, partition, offset + BigInt(records.length)));
  }
  const isWhole = ({ records, plan }: Run): boolean => records.length === plan.positions.length;
  const torn = runs.filter((run) => !isWhole(run));
  if (torn.length > 0) {
    await requireRetention(
      db,
      torn.map(({ located }) => located),
    );
  }
  const found: FoundRun[] = [];
  for (const { located, plan, records } of runs.filter(isWhole)) {
    const { topicId, partition, offset } = located.start;
    const shown = plan.hasPlaceholders ? await withPlaceholders(db, located.start, records) : records;
    found.push({ topicId, partition, offset, records: shown });
  }
  return found;
}

interface Run {
  readonly located: LocatedRun;
  readonly plan: PagePlan;
  readonly records: TopicRecord[];
}

function messagesOf(plans: readonly PagePlan[]): Parameters<typeof copyMessages>[1] {
  const firsts = plans.map(({ positions }) => BigInt(positions[0]!));
  const lasts = plans.map(({ positions }) => BigInt(positions.at(-1)!));
  return {
    first: firsts.reduce((a, b) => (a < b ? a : b)),
    last: lasts.reduce((a, b) => (a > b ? a : b)),
    positions: plans.flatMap(({ positions }) => positions),
    bytes: plans.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** The run of each position. As numbers, which are found twice as fast; a million messages a second reach 2^53 in 285 years. */
function placesOf(runs: readonly Run[]): ReadonlyMap<number, Run> {
  const places = new Map<number, Run>();
  for (const run of runs) {
    for (const text of run.plan.positions) {
      const position = Number(text);
      assert(Number.isSafeInteger(position), `position ${text} is beyond 2^53`);
      places.set(position, run);
    }
  }
  return places;
}

async function withPlaceholders(db: Queryable, start: RunStart, records: TopicRecord[]): Promise<TopicRecord[]> {
  const { topicId, partition, offset } = start;
  const found = await readPlaceholders(db, topicId, partition, offset, offset + BigInt(records.length));
  return records.map((record) => {
    const poison = found.get(record.offset);
    return poison === undefined ? record : placeholderOf(record, poison.reason, poison.detail);
  });
}

/** Messages are missing only where retention took them between the two statements: the start offsets were raised before. */
async function requireRetention(db: Queryable, torn: readonly LocatedRun[]): Promise<void> {
  const starts = await startOffsetsOf(
    db,
    torn.map(({ start }) => start),
  );
  torn.forEach(({ topic, start }, index) => {
    assert(
      start.offset < (starts[index] ?? 0n),
      `${topic}/${start.partition}: messages of offset ${start.offset} are missing from the outbox`,
    );
  });
}
