import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Database } from '#libs/foundation/postgres';
import { emitExistingChunk, type ExistingProgress } from './emit-existing-chunk.ts';

export interface EmitExistingOptions {
  /** Stops between two chunks; what was sent stays sent, and a later call goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExistingProgress) => void;
  /**
   * Rows per transaction, 1 to 200; default 200. Below the 256 keys at which a transaction locks its topics as a whole,
   * which could deadlock with the application's writers.
   */
  readonly chunkRows?: number;
  /** In [0, 1), for the pauses; default Math.random. */
  readonly random?: () => number;
}

const CHUNK_ROWS_MAX = 200;
const ATTEMPTS_MAX = 30;
const PAUSE = { minMs: 20, maxMs: 2_000 };

/**
 * Emits the rows that were in the table before its adoption, in order, each exactly once: the progress commits together
 * with the messages, so that the call can be interrupted and made again, and two at once only take turns. A chunk that
 * meets a lock of the application's gives way and comes back smaller.
 *
 * Throws ADOPTION_INVALID when the table is not adopted with its existing rows; DATABASE_BUSY after 30 attempts without
 * progress; and what outbox.append refuses (TOPIC_UNKNOWN, MESSAGE_TOO_LARGE, ...), with the chunk undone.
 */
export async function emitExisting(
  db: Database,
  adoptionId: number,
  options: EmitExistingOptions = {},
): Promise<ExistingProgress> {
  const chunkRows = Math.max(1, Math.min(CHUNK_ROWS_MAX, Math.trunc(options.chunkRows ?? CHUNK_ROWS_MAX)));
  let rows = chunkRows;
  let failures = 0;
  for (;;) {
    try {
      const progress = await emitExistingChunk(db, adoptionId, rows);
      options.onProgress?.(progress);
      if (progress.done >= progress.total || options.signal?.aborted === true) return progress;
      failures = 0;
      rows = Math.min(chunkRows, rows * 2);
    } catch (error) {
      failures += 1;
      if (!(error instanceof TidemarkError) || error.code !== 'DATABASE_BUSY' || failures >= ATTEMPTS_MAX) throw error;
      rows = Math.max(1, Math.trunc(rows / 2));
      await systemSleep(backoffMs(failures, PAUSE, (options.random ?? Math.random)()), options.signal);
    }
  }
}
