import type { Queryable } from '#libs/foundation/postgres';
import { connectionOf } from './connection-of.ts';
import type { TransactionHandle } from './handle.ts';
import { rowsFrom } from './open-transaction.ts';

/** The connection of a transaction as the stores query it. Rejects with NOT_IN_TRANSACTION for pools and their like. */
export async function queryable(handle: TransactionHandle): Promise<Queryable> {
  const connection = await connectionOf(handle);
  const query = async (text: string, values: readonly unknown[] = []) => {
    const rows = await rowsFrom(connection, text, [...values]);
    return { rows, rowCount: rows.length };
  };
  return { query } as unknown as Queryable;
}
