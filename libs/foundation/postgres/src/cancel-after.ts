import { endsWithin, type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import type { Database } from './database.ts';

/** Work whose statement was cancelled may send another one, such as its rollback or a farewell, that waits as well. */
const AGAIN_MS = 100;

/**
 * Gives work `graceMs` to end by itself; then whatever the databases run is cancelled, again and again until the work has
 * ended, so that a lock that somebody else holds cannot keep it. Resolves and rejects as the work does.
 */
export async function cancelAfter<T>(
  databases: readonly Database[],
  graceMs: number,
  work: Promise<T>,
  sleep: Sleep = systemSleep,
): Promise<T> {
  let waitMs = Math.max(0, graceMs);
  while (!(await endsWithin(work, waitMs, sleep))) {
    await Promise.all(databases.map((database) => database.cancelRunning()));
    waitMs = AGAIN_MS;
  }
  return work;
}
