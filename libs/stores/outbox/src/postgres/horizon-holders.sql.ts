import type { Queryable } from '#libs/foundation/postgres';

/** An open transaction that has written a message and so holds the horizon at `fence`. */
export interface HorizonHolder {
  readonly fence: bigint;
  /** Null for a prepared transaction (two-phase commit). */
  readonly pid: number | null;
  readonly state: string | null;
  readonly applicationName: string | null;
  readonly clientAddress: string | null;
  readonly ageMs: number | null;
  /** Its last statement, cut at 500 characters; null where the reader's role may not see it. */
  readonly query: string | null;
  readonly preparedId: string | null;
}

/** The holders of the horizon, the oldest fence first, at most 20. Reads the lock table of the server; takes no lock. */
export async function readHorizonHolders(db: Queryable): Promise<HorizonHolder[]> {
  const result = await db.query<{
    fence: string;
    pid: number | null;
    state: string | null;
    application_name: string | null;
    client_addr: string | null;
    transaction_age_ms: number | null;
    query: string | null;
    prepared_gid: string | null;
  }>('select * from outbox.horizon_holders() limit 20');
  return result.rows.map((row) => ({
    fence: BigInt(row.fence),
    pid: row.pid,
    state: row.state,
    applicationName: row.application_name,
    clientAddress: row.client_addr,
    ageMs: row.transaction_age_ms === null ? null : Math.round(row.transaction_age_ms),
    query: row.query,
    preparedId: row.prepared_gid,
  }));
}
