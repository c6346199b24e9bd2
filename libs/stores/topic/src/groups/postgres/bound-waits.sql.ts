import type { Queryable } from '#libs/foundation/postgres';

/**
 * Bounds how long this transaction may hold up the group: a process that is paused midway loses its connection, and so
 * the lock, and nobody waits for the lock for longer than that. Ends with the transaction. Locks: none.
 */
export async function boundWaits(tx: Queryable): Promise<void> {
  await tx.query(
    `select set_config('idle_in_transaction_session_timeout', '5000', true), set_config('lock_timeout', '10000', true)`,
  );
}
