import { inOneMessage, type Queryable } from '#libs/foundation/postgres';

// All of them lock the row that every step of the leader needs, and so are one message each: they end whatever becomes of
// the caller.

export interface Lease {
  readonly term: bigint;
  readonly cursor: bigint;
}

/** Shown to people who ask who leads. */
export interface HolderInfo {
  readonly host: string;
  readonly pid: number;
}

/** Takes the lease when it is free or has expired (by the clock of Postgres); undefined when somebody else holds it. Locks one row, without waiting. */
export async function acquireLease(
  db: Queryable,
  holder: string,
  info: HolderInfo,
  leaseMs: number,
): Promise<Lease | undefined> {
  const result = await db.query<{ term: string; cursor: string }>(
    inOneMessage('select * from log.acquire_lease($1, $2, $3)', [holder, JSON.stringify(info), leaseMs]),
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { term: BigInt(row.term), cursor: BigInt(row.cursor) };
}

/** Prolongs the lease; false when the term is over. Locks one row. */
export async function renewLease(db: Queryable, term: bigint, leaseMs: number): Promise<boolean> {
  const result = await db.query<{ renewed: boolean }>(
    inOneMessage('select log.renew_lease($1, $2) as renewed', [term, leaseMs]),
  );
  return result.rows[0]?.renewed === true;
}

/** Gives the lease back; false when the term was over already. Locks one row. */
export async function releaseLease(db: Queryable, term: bigint): Promise<boolean> {
  const result = await db.query<{ released: boolean }>(
    inOneMessage('select log.release_lease($1) as released', [term]),
  );
  return result.rows[0]?.released === true;
}
