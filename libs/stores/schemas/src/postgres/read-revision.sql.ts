import type { Queryable } from '#libs/foundation/postgres';

/** The number that grows with every change of what processes keep in memory. Reads the one row of its table. No lock. */
export async function readRevision(db: Queryable): Promise<bigint> {
  const result = await db.query<{ number: string }>('select r.number from registry.revision r');
  return BigInt(result.rows[0]!.number);
}
