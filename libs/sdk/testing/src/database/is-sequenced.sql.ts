import type { Queryable } from '#libs/foundation/postgres';

/** True when the sequencer has passed every message that was written. Reads one row and a sequence. */
export async function isSequenced(db: Queryable): Promise<boolean> {
  const result = await db.query<{ done: boolean }>(
    'select s.cursor >= p.last_value or not p.is_called as done from log.sequencer s, outbox.position p',
  );
  return result.rows[0]?.done ?? false;
}
