import { TidemarkError } from '#libs/foundation/kernel';
import type { Database } from '#libs/foundation/postgres';

/** Of the rows that were there before the adoption: how many were looked at, and how many of those were still there. */
export interface ExistingProgress {
  readonly total: bigint;
  readonly done: bigint;
  readonly emitted: bigint;
}

interface ProgressRow {
  existing_sql: string | null;
  existing_total: string;
  existing_place: string;
  existing_emitted: string;
}

/*
 * Giving up before Postgres looks for deadlocks makes this transaction the one that gives way, and not the application's,
 * whose deadlock_timeout starts no earlier than its own wait.
 */
const YIELD_EARLY = /* sql */ `
select set_config('lock_timeout', greatest(1, least(200, s.setting::integer / 2))::text, true), set_config('row_security', 'off', true)
from pg_settings s where s.name = 'deadlock_timeout'`;

/* Index: adoption_pkey. Lock: the row, so that two runs take turns. */
const LOCK_PROGRESS = /* sql */ `
select a.existing_sql, a.existing_total, a.existing_place, a.existing_emitted from outbox.adoption a where a.id = $1 for update`;

/* Index: adoption_pkey. */
const MOVE_PROGRESS = /* sql */ `
update outbox.adoption a set existing_place = $2, existing_emitted = a.existing_emitted + $3 where a.id = $1`;

/* Index: adoption_backlog_pkey, from its left end; the rows before were deleted by the chunks before. */
const FORGET_ROWS = 'delete from outbox.adoption_backlog b where b.adoption_id = $1 and b.place > $2 and b.place <= $3';

/** One transaction: the next rows of the backlog and the progress. Throws DATABASE_BUSY when it met a lock. */
export async function emitExistingChunk(db: Database, adoptionId: number, rows: number): Promise<ExistingProgress> {
  return db.transaction(async (tx) => {
    await tx.query(YIELD_EARLY);
    const { rows: found } = await tx.query<ProgressRow & { [column: string]: unknown }>(LOCK_PROGRESS, [adoptionId]);
    const progress = found[0];
    if (progress === undefined || progress.existing_sql === null) {
      throw new TidemarkError('ADOPTION_INVALID', `adoption ${adoptionId} has no existing rows to emit`, {
        context: { adoptionId },
        remedy: 'Undo the adoption, and adopt the table again with its existing rows.',
      });
    }
    const total = BigInt(progress.existing_total);
    const from = BigInt(progress.existing_place);
    const to = from + BigInt(rows) < total ? from + BigInt(rows) : total;
    if (from >= total) return { total, done: total, emitted: BigInt(progress.existing_emitted) };
    const sent = await tx.query(progress.existing_sql, [adoptionId, from, to]);
    await tx.query(MOVE_PROGRESS, [adoptionId, to, sent.rowCount]);
    await tx.query(FORGET_ROWS, [adoptionId, from, to]);
    return { total, done: to, emitted: BigInt(progress.existing_emitted) + BigInt(sent.rowCount ?? 0) };
  });
}
