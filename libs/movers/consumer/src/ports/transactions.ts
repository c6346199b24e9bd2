import type { Queryable } from '#libs/foundation/postgres';

/**
 * Transactions of the consumer's own database. `Tx` is what handlers work with: a `pg` client, a TypeORM EntityManager.
 */
export interface Transactions<Tx> {
  /**
   * Runs the work in a transaction and commits; whatever the work throws rolls back and is thrown again. Must not give a
   * connection back to a pool while something may still run on it: when the work throws what `isAbandoned` is true for
   * (abandoned.ts), the connection has to be closed.
   */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same transaction for statements of the platform. */
  queryable(tx: Tx): Promise<Queryable>;
  /**
   * True for troubles of the database itself, which say nothing about the message: the connection is lost or refused, the
   * server shuts down, a serialization failure, a deadlock, a lock or statement time-out. Such tries are repeated and never
   * count towards a dead letter. `where` tells what threw: for `handler`, an error of a network call (ECONNREFUSED and the like)
   * may be that of any other system, so only errors that a database has sent or that name its connection may be taken for its own.
   */
  isTransient(error: unknown, where: 'handler' | 'transaction'): boolean;
}
