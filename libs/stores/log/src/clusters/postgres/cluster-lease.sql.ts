import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterIdentity, ClusterLease } from '../cluster-state.ts';
import { identityOf, type IdentityRow } from './identity-row.ts';

// All of them lock the row that every write of a publisher needs, and so are one message each: they end whatever becomes of
// the caller.

/**
 * Takes the lease when it is free, has expired (by the clock of Postgres) or is held under this name; undefined when somebody
 * else holds it. Index: cluster(name). Locks one row, without waiting; for a required cluster also log.retention_hold ROW
 * EXCLUSIVE, which waits while a drop is decided.
 */
export async function acquireCluster(
  db: Queryable,
  cluster: { readonly name: string; readonly required: boolean },
  holder: string,
  info: { readonly host: string; readonly pid: number },
  leaseMs: number,
): Promise<(ClusterLease & { readonly identity: ClusterIdentity }) | undefined> {
  const result = await db.query<IdentityRow & { id: number; term: string }>(
    inOneMessage('select * from log.acquire_cluster($1, $2, $3, $4, $5)', [
      cluster.name,
      String(cluster.required),
      holder,
      JSON.stringify(info),
      leaseMs,
    ]),
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { clusterId: row.id, term: BigInt(row.term), identity: identityOf(row) };
}

/** Prolongs the lease; false when the term is over. Index: primary key. Locks one row. */
export async function renewCluster(db: Queryable, lease: ClusterLease, leaseMs: number): Promise<boolean> {
  const result = await db.query<{ renewed: boolean }>(
    inOneMessage('select log.renew_cluster($1, $2, $3) as renewed', [lease.clusterId, lease.term, leaseMs]),
  );
  return result.rows[0]?.renewed === true;
}

/** Gives the lease back; false when the term was over already. Index: primary key. Locks one row. */
export async function releaseCluster(db: Queryable, lease: ClusterLease): Promise<boolean> {
  const result = await db.query<{ released: boolean }>(
    inOneMessage('select log.release_cluster($1, $2) as released', [lease.clusterId, lease.term]),
  );
  return result.rows[0]?.released === true;
}
