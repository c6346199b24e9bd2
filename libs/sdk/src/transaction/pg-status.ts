import type { SqlConnection } from './handle.ts';

/** 'open' and 'none' are certain now, in this turn of the event loop; 'unknown' has to be asked of the server. */
export type TransactionState = 'open' | 'none' | 'unknown';

/** What a `pg` client (8.16 or later) tells about itself. */
interface PgClientLike extends SqlConnection {
  getTransactionStatus(): string | null;
  readonly readyForQuery?: boolean;
}

/**
 * What the client knows from the server's last ReadyForQuery message, at no cost. That is the present only while no
 * statement is on its way: with a ROLLBACK or a BEGIN in flight the answer is about the past, hence unknown.
 */
export function transactionState(connection: SqlConnection): TransactionState {
  if (!isPgClient(connection) || connection.readyForQuery !== true) return 'unknown';
  const status = connection.getTransactionStatus();
  if (status === 'I') return 'none';
  // 'E', a failed transaction, is left to the server, which refuses every statement of it.
  return status === 'T' || status === 'E' ? 'open' : 'unknown';
}

function isPgClient(connection: SqlConnection): connection is PgClientLike {
  return typeof (connection as Partial<PgClientLike>).getTransactionStatus === 'function';
}
