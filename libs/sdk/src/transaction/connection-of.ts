import type { SqlConnection, TransactionHandle } from './handle.ts';
import { notInTransaction } from './refusal.ts';
import { typeOrmConnection } from './typeorm.ts';

/** The one connection that a handle stands for. Throws NOT_IN_TRANSACTION for pools and whatever cannot be a transaction. */
export async function connectionOf(handle: TransactionHandle): Promise<SqlConnection> {
  const given: unknown = handle;
  if (typeof given !== 'object' || given === null) {
    throw notInTransaction(
      'the first argument is no database client',
      'Call emit(tx, topic, message) with the client of the transaction.',
    );
  }
  if ('totalCount' in given && 'idleCount' in given) {
    throw notInTransaction(
      'a pg Pool was given, and a pool runs each statement on any of its connections',
      "Take one client: const client = await pool.connect(); await client.query('begin'); ... emit(client, ...).",
    );
  }
  if ('isInitialized' in given && 'createQueryRunner' in given) {
    throw notInTransaction(
      'a TypeORM DataSource was given, and it runs each statement on any of its connections',
      'Use dataSource.transaction(async (manager) => ...) and emit with its manager.',
    );
  }
  const typeOrm = await typeOrmConnection(given);
  if (typeOrm !== undefined) return typeOrm;
  if (typeof (given as Partial<SqlConnection>).query !== 'function') {
    throw notInTransaction(
      'the first argument has no query(sql, params)',
      'Wrap the client: { query: (sql, params) => yourClient.raw(sql, params) }.',
    );
  }
  return given as SqlConnection;
}
