import type pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { TidemarkError } from '#libs/foundation/kernel';
import { Database } from '#libs/foundation/postgres';
import type { Transactions } from '#libs/movers/consumer';
import { connectionUrl } from './connection-url.ts';
import { PgTransactions } from './pg-transactions.ts';
import { TypeOrmTransactions } from './typeorm-transactions.ts';

/** The database in which handlers write: a pool of `pg`, a TypeORM DataSource of type postgres, or a URL. */
export type DatabaseHandle = pg.Pool | DataSource | string;

/** What handlers get of it as their transaction. */
export type TransactionOf<Handle extends DatabaseHandle> = Handle extends string
  ? pg.PoolClient
  : Handle extends { createQueryRunner: unknown }
    ? EntityManager
    : pg.PoolClient;

export interface ConsumerDatabase<Tx> {
  readonly transactions: Transactions<Tx>;
  /** For connections of the platform's own. */
  readonly url: string;
  /** Throws CONSUMER_INVALID for a DataSource that is not initialized: every transaction would fail, and be tried again for ever. */
  refuseUnready(): void;
  /** Closes what was opened here; a pool or DataSource of the application stays open. */
  close(): Promise<void>;
}

export interface DatabaseSettings {
  /** In place of the URL that follows from the pool or DataSource. */
  readonly url?: string;
  /** Connections for transactions at most, where a URL was given. */
  readonly poolMax: number;
  readonly onError: (error: unknown) => void;
}

const alwaysReady = (): void => undefined;
const nothingToClose = (): Promise<void> => Promise.resolve();

/** Throws CONSUMER_INVALID for what is none of the three, and for a DataSource of another database. */
export function consumerDatabase<Handle extends DatabaseHandle>(
  handle: Handle,
  settings: DatabaseSettings,
): ConsumerDatabase<TransactionOf<Handle>> {
  return resolve(handle, settings) as ConsumerDatabase<never>;
}

function resolve(handle: unknown, settings: DatabaseSettings): ConsumerDatabase<never> | ConsumerDatabase<unknown> {
  if (typeof handle === 'string' && handle !== '') return fromUrl(handle, settings);
  if (isDataSource(handle)) {
    const url = settings.url ?? urlOf(handle);
    const transactions = new TypeOrmTransactions(handle);
    return { transactions, url, refuseUnready: () => refuseUninitialized(handle), close: nothingToClose };
  }
  if (isPool(handle)) {
    const { connectionString, ...parts } = handle.options;
    const url = settings.url ?? connectionUrl({ ...parts, url: connectionString });
    return { transactions: new PgTransactions(handle), url, refuseUnready: alwaysReady, close: nothingToClose };
  }
  throw new TidemarkError('CONSUMER_INVALID', 'database is neither a pg Pool, nor a TypeORM DataSource, nor a URL', {
    remedy: 'Pass the pool or DataSource in which handlers write, or postgres://user:password@host:port/database.',
  });
}

function fromUrl(url: string, { poolMax, onError }: DatabaseSettings): ConsumerDatabase<pg.PoolClient> {
  const database = new Database({ url, poolMax, applicationName: 'tidemark handlers', onIdleError: onError });
  return {
    transactions: new PgTransactions(database.pool),
    url,
    refuseUnready: alwaysReady,
    close: () => database.close(),
  };
}

function refuseUninitialized(source: DataSource): void {
  if (source.isInitialized) return;
  throw new TidemarkError('CONSUMER_INVALID', 'the DataSource of the consumer is not initialized', {
    remedy: 'Call await dataSource.initialize() before start().',
  });
}

function urlOf(source: DataSource): string {
  const { options } = source;
  if (options.type !== 'postgres') {
    throw new TidemarkError('CONSUMER_INVALID', `the DataSource is one of type ${options.type}, not postgres`);
  }
  if (options.replication !== undefined) {
    throw new TidemarkError('CONSUMER_INVALID', 'the DataSource has replicas', {
      remedy: 'Pass `url`, that of the primary: heartbeats and reads need connections of their own.',
    });
  }
  const { url, host, port, username, password, database, ssl } = options;
  return connectionUrl({ url, host, port, user: username, password, database, ssl });
}

function isPool(handle: unknown): handle is pg.Pool & { readonly options: pg.PoolConfig } {
  return typeof handle === 'object' && handle !== null && 'totalCount' in handle && 'options' in handle;
}

function isDataSource(handle: unknown): handle is DataSource {
  return typeof handle === 'object' && handle !== null && 'createQueryRunner' in handle && 'isInitialized' in handle;
}
