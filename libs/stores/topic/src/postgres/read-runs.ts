import { assert } from '#libs/foundation/kernel';
import type { CopySource, Queryable } from '#libs/foundation/postgres';
import { DecodedRecords } from '../decoded-records.ts';
import { placeholderOf, type TopicRecord } from '../record.ts';
import type { FoundRun, RunLimits, RunStart } from '../record-run.ts';
import type { StoredRecords } from '../stored-records.ts';
import { CopiedRecords } from './copied-records.ts';
import { copyRuns } from './copy-runs.sql.ts';
import { readPlaceholders } from './placeholders.sql.ts';
import { type RunRows, runRowsOf } from './run-rows.ts';
import { startOffsetsOf } from './start-offsets.sql.ts';

/**
 * A run for each wanted partition that has records at its offset and for which the limits leave room: they hold for all runs
 * together (sizes as the mean of each batch; one record may exceed them), and the partition whose next record is the oldest
 * comes first. Each partition may be wanted once. A partition that retention has taken the offset of has no run.
 * One statement, whatever the number of partitions, and one more per run with placeholders.
 */
export async function readRuns(
  db: Queryable & CopySource,
  wanted: readonly RunStart[],
  limits: RunLimits,
): Promise<FoundRun[]> {
  if (wanted.length === 0 || limits.maxRecords <= 0 || limits.maxBytes <= 0) return [];
  const rows = runRowsOf(await copyRuns(db, wanted, limits), (index) => wanted[index]!.partition);
  const torn = rows.filter(({ count, expected }) => count !== expected);
  if (torn.length > 0 && wanted.some(({ after }) => after !== undefined)) {
    // Whoever was wrong about it: what is missing counts as missing only without it.
    return readRuns(
      db,
      wanted.map(({ topicId, partition, offset }) => ({ topicId, partition, offset })),
      limits,
    );
  }
  if (torn.length > 0) await requireRetention(db, torn, wanted);
  const found: FoundRun[] = [];
  for (const run of rows) {
    const start = wanted[run.wanted]!;
    if (run.count !== run.expected) continue;
    found.push(run.hasPlaceholders ? await withPlaceholders(db, start, run) : new CopiedRun(start, run));
  }
  return found;
}

/** A run as it was copied. */
class CopiedRun implements FoundRun {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly stored: StoredRecords;
  readonly #rows: RunRows;
  #records: readonly TopicRecord[] | undefined;

  constructor({ topicId, partition, offset }: RunStart, rows: RunRows) {
    this.topicId = topicId;
    this.partition = partition;
    this.offset = offset;
    this.stored = new CopiedRecords(rows, offset);
    this.#rows = rows;
  }

  get records(): readonly TopicRecord[] {
    this.#records ??= decodedRecords(this.#rows, this.offset);
    return this.#records;
  }
}

function decodedRecords(rows: RunRows, offset: bigint): TopicRecord[] {
  const records: TopicRecord[] = [];
  for (const stored = new CopiedRecords(rows, offset); stored.count > 0; stored.advance()) records.push(stored.first());
  return records;
}

async function withPlaceholders(db: Queryable, start: RunStart, rows: RunRows): Promise<FoundRun> {
  const { topicId, partition, offset } = start;
  const found = await readPlaceholders(db, topicId, partition, offset, offset + BigInt(rows.count));
  const records = decodedRecords(rows, offset).map((record) => {
    const poison = found.get(record.offset);
    return poison === undefined ? record : placeholderOf(record, poison.reason, poison.detail);
  });
  return { topicId, partition, offset, records, stored: new DecodedRecords(records) };
}

/** Messages are missing only where retention took them while the statement was planned: it raised start offsets before. */
async function requireRetention(db: Queryable, torn: readonly RunRows[], wanted: readonly RunStart[]): Promise<void> {
  const places = torn.map((run) => wanted[run.wanted]!);
  const starts = await startOffsetsOf(db, places);
  torn.forEach(({ topic, partition, wanted: index }, at) => {
    const { offset } = wanted[index]!;
    assert(
      offset < (starts[at] ?? 0n),
      `${topic}/${partition}: messages of offset ${offset} are missing from the outbox`,
    );
  });
}
