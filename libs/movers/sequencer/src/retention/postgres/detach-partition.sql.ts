import { type Queryable, sqlStateOf } from '#libs/foundation/postgres';
import type { Attempt } from '../retention-store.ts';

/** query_canceled (statement timeout) and lock_not_available: somebody else's transaction is in the way. */
const BLOCKED = new Set(['57014', '55P03']);

async function attempt(db: Queryable, statement: string): Promise<Attempt> {
  try {
    await db.query(statement);
    return 'done';
  } catch (error) {
    if (BLOCKED.has(sqlStateOf(error) ?? '')) return 'blocked';
    throw error;
  }
}

/** Names come from outbox.message_partition; quoted all the same. */
const table = (relation: string): string => `outbox."${relation.replaceAll('"', '""')}"`;

/**
 * Takes SHARE UPDATE EXCLUSIVE on outbox.message for a moment, gives it up, waits for every transaction that has used the
 * table, and takes it again: readers and writers go on all the while. Runs outside of a transaction; how long it waits is
 * bounded by the statement timeout of the connection, after which the partition is left as "detach pending".
 */
export const detachPartition = (db: Queryable, relation: string): Promise<Attempt> =>
  attempt(db, `alter table outbox.message detach partition ${table(relation)} concurrently`);

/**
 * Ends a detach that was interrupted. Waits for older snapshots while it holds SHARE UPDATE EXCLUSIVE on outbox.message:
 * writers go on, but no partition can be made meanwhile, so the statement timeout should be a few seconds.
 */
export const finalizeDetach = (db: Queryable, relation: string): Promise<Attempt> =>
  attempt(db, `alter table outbox.message detach partition ${table(relation)} finalize`);

/** Takes ACCESS EXCLUSIVE on the detached table, which no statement on outbox.message touches any more. */
export const dropDetached = (db: Queryable, relation: string): Promise<Attempt> =>
  attempt(db, `drop table if exists ${table(relation)}`);
