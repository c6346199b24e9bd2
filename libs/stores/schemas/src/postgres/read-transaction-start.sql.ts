import type { Queryable } from '#libs/foundation/postgres';

/** When this transaction began, ms since the epoch: what was written before and can be seen is committed. No table, no lock. */
export async function readTransactionStart(db: Queryable): Promise<number> {
  const result = await db.query<{ started: number }>(
    'select floor(extract(epoch from now()) * 1000)::double precision as started',
  );
  return result.rows[0]?.started ?? 0;
}
