import type { Queryable } from '#libs/foundation/postgres';
import type { RunStart } from '../record-run.ts';
import type { PlannableBatch } from '../page-plan.ts';
import { batchesOf, type BatchRow } from './located-batches.ts';

export interface LocatedRun {
  readonly start: RunStart;
  readonly topic: string;
  /** At least one. */
  readonly batches: readonly PlannableBatch[];
}

interface Row extends BatchRow {
  readonly run: number;
  readonly topic: string;
}

/**
 * Where the next records of partitions are, `limit` for all together: the longest waiting first, in fair shares.
 * Indexes: primary keys of log.head and log.batch (one descent per partition with records, then forward). Locks: none.
 */
export async function locateRuns(db: Queryable, wanted: readonly RunStart[], limit: number): Promise<LocatedRun[]> {
  const result = await db.query<Row>('select * from log.locate_runs($1, $2, $3, $4)', [
    wanted.map(({ topicId }) => topicId),
    wanted.map(({ partition }) => partition),
    wanted.map(({ offset }) => offset),
    limit,
  ]);
  const runs = new Map<number, Row[]>();
  for (const row of result.rows) {
    const rows = runs.get(row.run);
    if (rows === undefined) runs.set(row.run, [row]);
    else rows.push(row);
  }
  return [...runs].map(([run, rows]) => ({
    start: wanted[run - 1]!,
    topic: rows[0]!.topic,
    batches: batchesOf(rows),
  }));
}
