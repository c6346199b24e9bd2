import type { Queryable } from '#libs/foundation/postgres';
import { deleteExpiredAnswers } from './delete-expired-answers.sql.ts';

/** How long a repeat of a write is answered with the answer of the first. */
export const ANSWERS_KEPT_HOURS = 24;

export interface PurgeOptions {
  /** Ends the purge between two chunks. */
  readonly signal?: AbortSignal;
  /** Rows per statement, so that none of them runs long. Default 1,000. */
  readonly chunk?: number;
  /** Statements per call; what is left waits for the next call. Default 100. */
  readonly chunksMax?: number;
}

/** Deletes stored answers that nobody may ask for any more; gives how many. To be called every few minutes. */
export async function purgeAnswers(db: Queryable, options: PurgeOptions = {}): Promise<number> {
  const chunk = options.chunk ?? 1_000;
  let purged = 0;
  for (let step = 0; step < (options.chunksMax ?? 100); step += 1) {
    if (options.signal?.aborted === true) break;
    const deleted = await deleteExpiredAnswers(db, ANSWERS_KEPT_HOURS, chunk);
    purged += deleted;
    if (deleted < chunk) break;
  }
  return purged;
}
