/** Anything that runs SQL with $1-style parameters on one connection. */
export interface SqlConnection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/**
 * What emit takes as its transaction: a `pg` Client or PoolClient after BEGIN, a TypeORM EntityManager or QueryRunner in a
 * transaction, or any object whose query(sql, params) runs on the transaction's connection and answers rows or { rows }.
 * Pools and DataSources are refused by the compiler (and at run time): their statements run each in a transaction of its own.
 */
export interface TransactionHandle {
  query(text: string, values?: unknown[]): Promise<unknown>;
  /** A pool has these; a transaction does not. */
  readonly totalCount?: never;
  readonly isInitialized?: never;
}
