import type { Queryable } from '../database.ts';

/**
 * Takes or keeps the turn in a table of one row (holder, expires_at) for `leaseMs`; false while somebody else has it. A row
 * and not an advisory lock: session locks break behind PgBouncer, and DETACH ... CONCURRENTLY cannot run inside a transaction
 * that would hold another kind. Locks one row, without waiting. `table`: a name of ours, with its schema.
 */
export async function takeTurn(db: Queryable, table: string, holder: string, leaseMs: number): Promise<boolean> {
  const result = await db.query(
    `with free as (
       select l.singleton from ${table} l
       where l.holder is null or l.holder = $1 or l.expires_at < clock_timestamp()
       for update skip locked
     )
     update ${table} l
     set holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     from free where l.singleton = free.singleton
     returning 1`,
    [holder, leaseMs],
  );
  return result.rows.length === 1;
}

/** Locks one row; does nothing when somebody else has taken the turn over. */
export async function giveTurnBack(db: Queryable, table: string, holder: string): Promise<void> {
  await db.query(`update ${table} set holder = null, expires_at = null where holder = $1`, [holder]);
}
