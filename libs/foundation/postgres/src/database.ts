import pg from 'pg';
import { TidemarkError } from '#libs/foundation/kernel';
import { endsWithin } from '#libs/foundation/lifecycle';
import type { CopiedRows } from './copied-rows.ts';
import { CopyOut, type CopySource } from './copy-out.ts';
import { requestCancel } from './cancel-request.ts';
import { LentClients } from './lent-clients.ts';
import { translatePostgresError } from './postgres-error.ts';

/**
 * A place where SQL can run: a pool, or a client inside a transaction. Statements take it as their first argument, so
 * that the transaction they belong to is always visible at the call.
 */
export interface Queryable {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
  query<R extends unknown[]>(config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult<R>>;
}

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Shown in pg_stat_activity; default 'tidemark'. */
  readonly applicationName?: string;
  /** Connections at most; default 10. */
  readonly poolMax?: number;
  /**
   * A statement is cancelled by the server after this many ms; default 30,000. 0 turns it off. When no answer comes for 2 s
   * more, the connection is given up as lost.
   */
  readonly statementTimeoutMs?: number;
  /** Giving up on a new connection, in ms; default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Told about connections that break while idle; they are replaced by themselves. */
  readonly onIdleError?: (error: Error) => void;
}

/** How much longer than the server's own limit an answer may take: beyond that there is nobody who could send one. */
const SILENCE_MS = 2_000;
/** What a cancelled statement gets to end, and its transaction to roll back. */
const CANCEL_MS = 200;
const CLOSE_GRACE_MS = 10_000;

/**
 * A bounded pool of connections. Errors of Postgres come out as TidemarkError where the failure is one that callers can
 * act on (see postgres-error.ts), else as they are.
 */
export class Database implements Queryable, CopySource {
  readonly pool: pg.Pool;
  readonly #lent: LentClients;
  #closing: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolMax ?? 10,
      application_name: options.applicationName ?? 'tidemark',
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      statement_timeout: statementTimeoutMs,
      // Without it a connection that a router has forgotten is waited for until TCP gives up, a quarter of an hour or more.
      query_timeout: statementTimeoutMs === 0 ? undefined : statementTimeoutMs + SILENCE_MS,
      keepAlive: true,
    });
    this.pool.on('error', (error) => options.onIdleError?.(error));
    // A connection can break while it is lent out and between two statements; without a listener that would end the
    // process. The next statement on it fails, and it is not lent again.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.#lent = new LentClients(this.pool);
  }

  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
  query<R extends unknown[]>(config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult<R>>;
  async query(first: string | pg.QueryArrayConfig, values?: readonly unknown[]): Promise<unknown> {
    try {
      return await this.pool.query(first as string, values as unknown[]);
    } catch (error) {
      throw translatePostgresError(error);
    }
  }

  async copyOut(query: string, bytesExpected: number): Promise<CopiedRows> {
    const copy = new CopyOut(query, bytesExpected);
    try {
      await this.pool.query(copy as unknown as pg.QueryConfig);
    } catch (error) {
      throw translatePostgresError(error);
    }
    return copy.copied();
  }

  /**
   * Runs `work` in a transaction (READ COMMITTED unless told otherwise) and commits. Any error rolls back and is thrown
   * again; a connection that is lost, or whose rollback fails, is discarded. Throws TRANSACTION_ABORTED when the work
   * swallowed the error of a statement, since Postgres has undone everything then.
   */
  async transaction<T>(work: (tx: pg.PoolClient) => Promise<T>, isolation = 'read committed'): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query(`begin isolation level ${isolation}`);
      const result = await work(client);
      // After an error that the work swallowed, Postgres answers COMMIT with ROLLBACK and no error.
      const ended = await client.query('commit');
      if (ended.command !== 'COMMIT') {
        throw new TidemarkError(
          'TRANSACTION_ABORTED',
          'the transaction was rolled back: one of its statements had failed',
        );
      }
      return result;
    } catch (error) {
      const translated = translatePostgresError(error);
      if (isLost(translated)) broken = translated;
      else {
        await client.query('rollback').catch((rollbackError: Error) => {
          broken = rollbackError;
        });
      }
      throw translated;
    } finally {
      client.release(broken);
    }
  }

  /** A client of its own, to be released by the caller. Throws DATABASE_UNAVAILABLE when none can be had in time. */
  async connect(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw translatePostgresError(error);
    }
  }

  /**
   * Cancels the statements that run at the moment; they fail with DATABASE_BUSY. Resolves when the server has been asked,
   * within 200 ms; a connection on which nothing runs stays as it is.
   */
  async cancelRunning(): Promise<void> {
    await this.#lent.each((client) => requestCancel(client, CANCEL_MS));
  }

  /**
   * Lends no more connections and closes those that are there. Connections that are lent get `graceMs` (default 10,000) to
   * come back; then what runs on them is cancelled, and half a second later those that still are not back have been cut, so
   * that no lock that another session holds can keep a process from ending. Callers share the first call's grace.
   */
  close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const ended = this.pool.end();
    if (await endsWithin(ended, graceMs)) return;
    await this.cancelRunning();
    if (await endsWithin(ended, CANCEL_MS)) return;
    // Without an answer from the server this destroys the socket; who has the client learns it from its next statement.
    await endsWithin(
      this.#lent.each((client) => (client as unknown as pg.Client).end()),
      CANCEL_MS,
    );
  }
}

/**
 * The transaction with another limit for its statements, in ms, until it ends: `set local statement_timeout` alone would
 * leave the client's own limit, which gives the connection up soon after the limit of the pool.
 */
export async function withStatementTimeout(tx: pg.PoolClient, timeoutMs: number): Promise<Queryable> {
  await tx.query(`set local statement_timeout = ${timeoutMs}`);
  const query = (first: string | pg.QueryArrayConfig, values?: readonly unknown[]): Promise<unknown> => {
    const config = typeof first === 'string' ? { text: first, values: values as unknown[] } : first;
    const limited: pg.QueryConfig & { query_timeout: number } = { ...config, query_timeout: timeoutMs + SILENCE_MS };
    return tx.query(limited);
  };
  return { query: query as Queryable['query'] };
}

/** A rollback on a connection that is lost would wait for an answer once more; Postgres rolls back by itself. */
function isLost(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && error.code === 'DATABASE_UNAVAILABLE';
}
