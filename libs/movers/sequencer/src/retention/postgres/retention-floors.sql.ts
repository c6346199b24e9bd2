import type { Queryable } from '#libs/foundation/postgres';
import type { ReaderFloor } from '../partition-verdict.ts';

/** Who has to pass a message before it is dropped, and how far the log reaches. Locks: none. */
export async function readFloors(db: Queryable): Promise<{ cursor: bigint; floors: ReaderFloor[] }> {
  const cursor = await readCursor(db);
  const result = await db.query<{ reader: string; position: string }>(
    'select reader, position from log.retention_floor',
  );
  return { cursor, floors: result.rows.map((row) => ({ reader: row.reader, position: BigInt(row.position) })) };
}

/** Every message up to here is in the log. Locks: none. */
export async function readCursor(db: Queryable): Promise<bigint> {
  const result = await db.query<{ cursor: string }>('select cursor from log.sequencer');
  return BigInt(result.rows[0]!.cursor);
}
