import type { SqlConnection } from './handle.ts';
import { notInTransaction } from './refusal.ts';

/** The part of TypeORM's QueryRunner that is used here; structural, so that the SDK does not load TypeORM. */
interface QueryRunnerLike {
  readonly isReleased: boolean;
  readonly isTransactionActive: boolean;
  connect(): Promise<unknown>;
}

/**
 * The driver's connection behind an EntityManager or QueryRunner; undefined when `handle` is neither. Statements go to
 * the connection itself, not through TypeORM's query(): that one waits for subscribers in between, and a ROLLBACK that
 * slipped in would turn the message into a transaction of its own. So they do not show in TypeORM's query log.
 */
export async function typeOrmConnection(handle: object): Promise<SqlConnection | undefined> {
  if (isQueryRunner(handle)) return connectionOf(handle);
  // Only TypeORM's managers have getRepository among the objects that a caller could mean as a transaction.
  if (!('getRepository' in handle)) return undefined;
  const runner = 'queryRunner' in handle ? handle.queryRunner : undefined;
  return isQueryRunner(runner) ? connectionOf(runner) : refuseManager();
}

async function connectionOf(runner: QueryRunnerLike): Promise<SqlConnection> {
  if (runner.isReleased)
    throw notInTransaction(
      'the QueryRunner of this transaction has been released',
      'Emit before the transaction ends, and await it.',
    );
  const connection = await runner.connect();
  if (
    typeof connection !== 'object' ||
    connection === null ||
    typeof (connection as Partial<SqlConnection>).query !== 'function'
  ) {
    throw notInTransaction(
      "this DataSource's driver gives no Postgres connection",
      "Use a DataSource of type 'postgres'.",
    );
  }
  return connection as SqlConnection;
}

function isQueryRunner(value: unknown): value is QueryRunnerLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<QueryRunnerLike>).isTransactionActive === 'boolean' &&
    typeof (value as Partial<QueryRunnerLike>).connect === 'function'
  );
}

function refuseManager(): never {
  throw notInTransaction(
    'this EntityManager belongs to no transaction',
    'Use the manager that dataSource.transaction(async (manager) => ...) passes, or queryRunner.manager after startTransaction().',
  );
}
