import type { Queryable } from '#libs/foundation/postgres';

/** Every message up to this position is in the log. One row; locks: none. */
export async function readCursor(db: Queryable): Promise<bigint> {
  const result = await db.query<{ cursor: string }>('select s.cursor from log.sequencer s');
  return BigInt(result.rows[0]!.cursor);
}
