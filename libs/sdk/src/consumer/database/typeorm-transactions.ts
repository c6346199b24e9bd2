import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { endsWithin } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import { isAbandoned, type Transactions } from '#libs/movers/consumer';
import { connectionQueryable } from './connection-queryable.ts';
import { LentConnection, type PgConnection } from './lent-connection.ts';
import { isTransientError, markConnectionLost } from './transient-error.ts';

/** What closing a connection may take before it is left to itself, ms. */
const CLOSE_MS = 500;

interface ClosableConnection extends PgConnection {
  end(): Promise<void>;
}

/** Transactions of a TypeORM DataSource. Handlers get the EntityManager. */
export class TypeOrmTransactions implements Transactions<EntityManager> {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  /** As `dataSource.transaction`, which neither notices that COMMIT was answered with ROLLBACK nor can discard a connection. */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner();
    try {
      const connection = (await runner.connect()) as ClosableConnection;
      return await inTransaction(runner, connection, work);
    } finally {
      await runner.release();
    }
  }

  queryable(tx: EntityManager): Promise<Queryable> {
    return connectionQueryable(tx);
  }

  isTransient(error: unknown, where: 'handler' | 'transaction'): boolean {
    return isTransientError(error, where);
  }
}

async function inTransaction<T>(
  runner: QueryRunner,
  connection: ClosableConnection,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  const lent = new LentConnection(connection);
  try {
    // READ COMMITTED, whatever the DataSource's default is: the inbox and the outbox need it.
    await runner.startTransaction('READ COMMITTED');
    const result = await work(runner.manager);
    await lent.refuseEnded();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // A rollback would wait behind what an abandoned handler still runs; closing the connection does the same.
    const abandoned = isAbandoned(error);
    const lost = !abandoned && (lent.isLost || !(await rollsBack(runner)));
    if (lost) markConnectionLost(error);
    if (abandoned || lost) await discard(runner, connection);
    throw error;
  } finally {
    lent.release();
  }
}

async function rollsBack(runner: QueryRunner): Promise<boolean> {
  try {
    await runner.rollbackTransaction();
    return true;
  } catch {
    // The connection is lost, and Postgres rolls back by itself; the first error says more.
    return false;
  }
}

/** A client that is ending is not taken back by its pool; the runner refuses what a late handler still asks of it. */
async function discard(runner: QueryRunner, connection: ClosableConnection): Promise<void> {
  const closed = connection.end().catch(() => undefined);
  await runner.release();
  await endsWithin(closed, CLOSE_MS);
}
