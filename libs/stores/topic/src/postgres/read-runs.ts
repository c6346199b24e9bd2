import { assert } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { comparePositions, planPages } from '../page-plan.ts';
import { placeholderOf, type TopicRecord } from '../record.ts';
import type { FoundRun, RunStart } from '../record-run.ts';
import type { ReadLimits } from '../topic-reader.ts';
import { fetchMessages, recordOf, type StoredMessage } from './fetch-messages.sql.ts';
import { type LocatedRun, locateRuns } from './locate-runs.sql.ts';
import { readPlaceholders } from './placeholders.sql.ts';
import { startOffsetsOf } from './start-offsets.sql.ts';

/**
 * A run for each wanted partition that has records at its offset and for which the limits leave room: they hold for all runs
 * together (sizes as the mean of each batch; one record may exceed them), and the partition whose next record is the oldest
 * comes first. Each partition may be wanted once. A partition that retention has taken the offset of has no run.
 * Two statements, whatever the number of partitions, and one more per run with placeholders.
 */
export async function readRuns(db: Queryable, wanted: readonly RunStart[], limits: ReadLimits): Promise<FoundRun[]> {
  if (wanted.length === 0 || limits.maxRecords <= 0 || limits.maxBytes <= 0) return [];
  const plans = planPages(await locateRuns(db, wanted, limits.maxRecords), limits);
  if (plans.length === 0) return [];
  const slots = plans
    .flatMap(({ plan }, run) => plan.positions.map((position) => ({ position, run })))
    .sort((a, b) => comparePositions(a.position, b.position));
  const messages = await fetchMessages(
    db,
    slots.map(({ position }) => position),
  );
  const runs = plans.map(({ located, plan }) => ({ located, plan, records: [] as TopicRecord[] }));
  const isMissing = (slot: number, { position }: StoredMessage): boolean =>
    messages.length < slots.length && slots[slot]!.position !== position.toString();
  let next = 0;
  for (const message of messages) {
    // Both ascend; a slot whose message is missing is passed over.
    while (isMissing(next, message)) next += 1;
    const { located, records } = runs[slots[next]!.run]!;
    const { partition, offset } = located.start;
    records.push(recordOf(message, located.topic, partition, offset + BigInt(records.length)));
    next += 1;
  }
  const isWhole = ({ records, plan }: (typeof runs)[number]): boolean => records.length === plan.positions.length;
  if (messages.length < slots.length) {
    await requireRetention(
      db,
      runs.filter((run) => !isWhole(run)).map(({ located }) => located),
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
