import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';

/**
 * Refuses a transaction whose statements do not see what others have committed since it began: decisions under a lock would
 * rest on what was there before. Reads two settings. No lock. Throws NOT_IN_TRANSACTION.
 */
export async function requireReadCommitted(tx: Queryable): Promise<void> {
  const result = await tx.query<{ isolation: string }>(`select current_setting('transaction_isolation') as isolation`);
  const { isolation } = result.rows[0]!;
  if (isolation === 'read committed') return;
  throw new TidemarkError(
    'NOT_IN_TRANSACTION',
    `the registry changes schemas in READ COMMITTED transactions, and this one is ${isolation.toUpperCase()}`,
    { remedy: 'Begin the transaction with: begin isolation level read committed' },
  );
}
