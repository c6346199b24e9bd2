import type { Queryable } from '#libs/foundation/postgres';

/** What became of the last canary of a cluster. */
export interface CanaryResult {
  readonly sentAt: Date;
  /** From its commit until it could be read on the cluster; null when it could not. */
  readonly readableMs: number | null;
  readonly failure: string | null;
}

/** Keeps the result of the newest canary. Indexes: cluster(name), primary key. Locks one row. */
export async function saveCanary(db: Queryable, cluster: string, result: CanaryResult): Promise<void> {
  await db.query(
    `insert into log.cluster_canary as c (cluster_id, sent_at, readable_ms, failure)
     select c.id, $2, $3, $4 from log.cluster c where c.name = $1
     on conflict (cluster_id) do update
       set sent_at = excluded.sent_at, readable_ms = excluded.readable_ms, failure = excluded.failure
       where c.sent_at <= excluded.sent_at`,
    [cluster, result.sentAt, result.readableMs, result.failure],
  );
}

/** By cluster id. Reads the whole table: a row per cluster. Locks: none. */
export async function readCanaries(db: Queryable): Promise<ReadonlyMap<number, CanaryResult>> {
  const result = await db.query<{ id: number; sent_at: Date; readable_ms: number | null; failure: string | null }>(
    'select c.cluster_id as id, c.sent_at, c.readable_ms, c.failure from log.cluster_canary c',
  );
  return new Map(
    result.rows.map((row) => [row.id, { sentAt: row.sent_at, readableMs: row.readable_ms, failure: row.failure }]),
  );
}
