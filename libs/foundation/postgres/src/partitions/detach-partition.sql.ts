import { sqlStateOf } from '../postgres-error.ts';
import type { Queryable } from '../database.ts';

/** What an attempt that waits for other transactions has come to. */
export type Attempt = 'done' | 'blocked';

/** A partition of a partitioned table of one schema; both names come from a table of ours, and are quoted all the same. */
export interface PartitionName {
  readonly schema: string;
  readonly parent: string;
  readonly relation: string;
}

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

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const table = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

const detach = (name: PartitionName): string =>
  `alter table ${table(name.schema, name.parent)} detach partition ${table(name.schema, name.relation)}`;

/**
 * Takes SHARE UPDATE EXCLUSIVE on the parent for a moment, gives it up, waits for every transaction that has used the
 * table, and takes it again: readers and writers go on all the while. Runs outside of a transaction; how long it waits is
 * bounded by the statement timeout of the connection, after which the partition is left as "detach pending".
 */
export const detachPartition = (db: Queryable, name: PartitionName): Promise<Attempt> =>
  attempt(db, `${detach(name)} concurrently`);

/**
 * Ends a detach that was interrupted. Waits for older snapshots while it holds SHARE UPDATE EXCLUSIVE on the parent:
 * writers go on, but no partition can be made meanwhile, so the statement timeout should be a few seconds.
 */
export const finalizeDetach = (db: Queryable, name: PartitionName): Promise<Attempt> =>
  attempt(db, `${detach(name)} finalize`);

/** Takes ACCESS EXCLUSIVE on the detached table, which no statement on the parent touches any more. */
export const dropDetached = (db: Queryable, { schema, relation }: Omit<PartitionName, 'parent'>): Promise<Attempt> =>
  attempt(db, `drop table if exists ${table(schema, relation)}`);
