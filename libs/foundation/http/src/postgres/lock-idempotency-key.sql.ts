import type { Queryable } from '#libs/foundation/postgres';

/** The class of these advisory locks in the two-number lock space; the letters 'idem'. */
export const IDEMPOTENCY_LOCK_CLASS = 0x6964_656d;

/**
 * Takes the key for this transaction; false when another one holds it. An advisory lock (class IDEMPOTENCY_LOCK_CLASS,
 * released at the end of the transaction), because a row that is not committed yet can be waited for but not seen. Two
 * keys with the same hash exclude each other for a moment, which a client sees as a key in use, and repeats.
 */
export async function lockIdempotencyKey(tx: Queryable, actor: string, key: string): Promise<boolean> {
  const result = await tx.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock($1, hashtext(jsonb_build_array($2::text, $3::text)::text)) as locked`,
    [IDEMPOTENCY_LOCK_CLASS, actor, key],
  );
  return result.rows[0]?.locked === true;
}
