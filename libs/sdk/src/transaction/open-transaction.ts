import { TidemarkError } from '#libs/foundation/kernel';
import { translatePostgresError } from '#libs/foundation/postgres';
import { TRANSACTION_ID } from '../postgres/transaction-id.sql.ts';
import { connectionOf } from './connection-of.ts';
import type { SqlConnection, TransactionHandle } from './handle.ts';
import { transactionState } from './pg-status.ts';
import { notInTransaction } from './refusal.ts';

/** Runs statements only inside the transaction that it was opened on. */
export interface OpenTransaction {
  /**
   * The statement's last parameter is added here: the transaction's id, or null when the client itself is sure. A
   * statement with an id that is not the current transaction's must do nothing and return no row.
   */
  run(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/**
 * Proves that a transaction is open, at no cost where the client knows (pg, TypeORM on pg) and one statement is enough.
 * Otherwise one more statement reads the transaction's id, and each following one is bound to it: outside of a
 * transaction every statement has another id, so nothing is sent. This holds behind PgBouncer, and when the transaction
 * ends between two statements of a batch. Throws NOT_IN_TRANSACTION.
 */
export async function openTransaction(handle: TransactionHandle, statements: number): Promise<OpenTransaction> {
  const connection = await connectionOf(handle);
  if (transactionState(connection) === 'none') throw noTransaction();
  return statements === 1 ? forOneStatement(connection) : boundTo(connection, await transactionId(connection));
}

function forOneStatement(connection: SqlConnection): OpenTransaction {
  return {
    run: async (text, values) => {
      // Nothing is awaited between a certain answer and the statement: it must still be true when the statement leaves.
      const state = transactionState(connection);
      if (state === 'none') throw noTransaction();
      if (state === 'open') return oneRowAtLeast(await rowsFrom(connection, text, [...values, null]));
      return boundTo(connection, await transactionId(connection)).run(text, values);
    },
  };
}

function boundTo(connection: SqlConnection, id: string): OpenTransaction {
  return { run: async (text, values) => oneRowAtLeast(await rowsFrom(connection, text, [...values, id])) };
}

function oneRowAtLeast(rows: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  if (rows.length === 0) throw noTransaction();
  return rows;
}

async function transactionId(connection: SqlConnection): Promise<string> {
  const [row] = await rowsFrom(connection, TRANSACTION_ID, []);
  if (typeof row?.['xid'] !== 'string') {
    throw new TidemarkError(
      'MESSAGE_INVALID',
      'no message was sent: query(sql, params) of the given object answered neither rows nor { rows }',
      {
        remedy: "Give an object whose query resolves to an array of row objects, or to { rows } as pg's does.",
      },
    );
  }
  return row['xid'];
}

/** The rows of a statement, whatever form the client answers in; errors of Postgres as TidemarkError. */
export async function rowsFrom(
  connection: SqlConnection,
  text: string,
  values: unknown[],
): Promise<readonly Record<string, unknown>[]> {
  let answer: unknown;
  try {
    answer = await connection.query(text, values);
  } catch (error) {
    throw translated(error);
  }
  const rows = Array.isArray(answer) ? answer : (answer as { rows?: unknown } | null | undefined)?.rows;
  return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
}

/** A wrapper such as TypeORM's QueryFailedError keeps the driver's error inside; an error without a code stays as it is. */
function translated(error: unknown): unknown {
  const driver = (error as { driverError?: unknown } | null | undefined)?.driverError ?? error;
  const result = translatePostgresError(driver);
  return result instanceof TidemarkError ? result : error;
}

function noTransaction(): TidemarkError {
  return notInTransaction(
    'the connection is not in a transaction, or it ended while messages were on their way',
    "Run client.query('begin') (or dataSource.transaction) first, emit with the same client, await it, then commit.",
  );
}
