import { type Queryable, translatePostgresError } from '#libs/foundation/postgres';
import { connectionOf } from '../../transaction/connection-of.ts';
import type { TransactionHandle } from '../../transaction/handle.ts';

/** The transaction's connection for statements of the platform, whose errors come out as TidemarkError. */
export async function connectionQueryable(tx: TransactionHandle): Promise<Queryable> {
  const connection = await connectionOf(tx);
  const query = async (text: string, values?: readonly unknown[]): Promise<unknown> => {
    try {
      return await connection.query(text, values as unknown[]);
    } catch (error) {
      throw translatePostgresError(error);
    }
  };
  return { query: query as Queryable['query'] };
}
