import type { Queryable } from '#libs/foundation/postgres';

/**
 * A row and not an advisory lock: session locks break behind PgBouncer, and DETACH ... CONCURRENTLY cannot run inside a
 * transaction that would hold another kind. Locks one row, without waiting.
 */
export async function takeTurn(db: Queryable, holder: string, leaseMs: number): Promise<boolean> {
  const result = await db.query(
    `with free as (
       select l.singleton from log.retention_lease l
       where l.holder is null or l.holder = $1 or l.expires_at < clock_timestamp()
       for update skip locked
     )
     update log.retention_lease l
     set holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     from free where l.singleton = free.singleton
     returning 1`,
    [holder, leaseMs],
  );
  return result.rows.length === 1;
}

/** Locks one row; does nothing when somebody else has taken the turn over. */
export async function giveTurnBack(db: Queryable, holder: string): Promise<void> {
  await db.query('update log.retention_lease set holder = null, expires_at = null where holder = $1', [holder]);
}
