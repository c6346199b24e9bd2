import { TidemarkError } from '#libs/foundation/kernel';
import type { Database } from '#libs/foundation/postgres';
import { ADOPTION_TRIGGER } from '../../adoption/plan.ts';
import { quoteIdentifier } from '../../adoption/quote.ts';
import type { Adoption } from './adoption-row.ts';
import { findAdoption } from './list-adoptions.sql.ts';
import { timeLimit } from './time-limit.ts';

/**
 * Takes the trigger, its function and what is left of the backlog away; the table is then as before, and messages that
 * were emitted stay. Also cleans up after a table that was dropped. In one transaction.
 *
 * Lock: ACCESS EXCLUSIVE on the table until the commit, waited for at most `lockTimeoutMs` (default 5,000; writers and
 * readers wait meanwhile). Throws ADOPTION_INVALID when the table is not adopted, DATABASE_BUSY when the lock was not
 * to be had in time.
 */
export async function undoAdoption(db: Database, table: string, lockTimeoutMs = 5_000): Promise<Adoption> {
  return db.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = ${timeLimit(lockTimeoutMs)}`);
    const adoption = await findAdoption(tx, table);
    if (adoption === undefined) {
      throw new TidemarkError('ADOPTION_INVALID', `table ${table} is not adopted`, {
        context: { table },
        remedy: 'See which tables are: tidemark adopt list.',
      });
    }
    if (adoption.state !== 'table-dropped')
      await tx.query(`drop trigger if exists ${ADOPTION_TRIGGER} on ${adoption.table}`);
    await tx.query(`drop function if exists outbox.${quoteIdentifier(adoption.functionName)}()`);
    await tx.query('delete from outbox.adoption where id = $1', [adoption.id]);
    return adoption;
  });
}
