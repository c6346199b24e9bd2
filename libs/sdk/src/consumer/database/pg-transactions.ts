import type pg from 'pg';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { isAbandoned, type Transactions } from '#libs/movers/consumer';
import { connectionQueryable } from './connection-queryable.ts';
import { LentConnection } from './lent-connection.ts';
import { isTransientError, markConnectionLost } from './transient-error.ts';

/** READ COMMITTED, whatever the database's default is: the inbox and the outbox need it. */
const BEGIN = 'begin isolation level read committed';

/** Transactions of a pool of `pg`. Handlers get the client. */
export class PgTransactions implements Transactions<pg.PoolClient> {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async run<T>(work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const lent = new LentConnection(client);
    let discard = false;
    try {
      await client.query(BEGIN);
      const result = await work(client);
      await lent.refuseEnded();
      const ended = await client.query('commit');
      if (ended.command !== 'COMMIT')
        throw new TidemarkError('TRANSACTION_ABORTED', 'Postgres rolled the transaction back');
      return result;
    } catch (error) {
      // A rollback would wait behind what an abandoned handler still runs; closing the connection does the same.
      const abandoned = isAbandoned(error);
      const lost = !abandoned && (lent.isLost || !(await rollsBack(client)));
      if (lost) markConnectionLost(error);
      discard = abandoned || lost;
      throw error;
    } finally {
      lent.release();
      client.release(discard);
    }
  }

  queryable(tx: pg.PoolClient): Promise<Queryable> {
    return connectionQueryable(tx);
  }

  isTransient(error: unknown, where: 'handler' | 'transaction'): boolean {
    return isTransientError(error, where);
  }
}

async function rollsBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    // The connection is lost, and Postgres rolls back by itself; the first error says more.
    return false;
  }
}
