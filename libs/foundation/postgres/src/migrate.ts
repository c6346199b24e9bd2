import pg from 'pg';
import type { DataSource, MigrationInterface } from 'typeorm';
import { TidemarkError } from '#libs/foundation/kernel';
import { translatePostgresError } from './postgres-error.ts';
import { reportedMigration } from './reported-migration.ts';

export interface MigrationOptions {
  readonly url: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** Told about each migration when it starts and when it is done, and about waiting; default: nobody. */
  readonly onProgress?: (message: string) => void;
}

/** Session-level advisory lock of the runner: 'tm', kind 3, value 1. Held on a connection of its own, so it needs a direct or session-mode connection. */
const MIGRATION_LOCK = '8389414457419235329';
const OLDEST_SERVER = 140_000;

/**
 * Applies what is missing, each migration in its own transaction, and returns the names applied. TypeORM does not guard
 * against two runners, so an advisory lock does: the second waits and then finds nothing to do.
 * Throws DATABASE_UNAVAILABLE, DATABASE_UNSUPPORTED, SCHEMA_TOO_NEW.
 */
export async function migrateUp(options: MigrationOptions): Promise<string[]> {
  return withLock(options, async (source) => {
    await refuseNewer(source, options.migrations);
    const applied = await source.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  });
}

/** Undoes the newest `count` migrations, newest first, and returns their names. */
export async function migrateDown(options: MigrationOptions, count: number): Promise<string[]> {
  return withLock(options, async (source) => {
    await refuseNewer(source, options.migrations);
    const undone: string[] = [];
    while (undone.length < count) {
      const [last] = await appliedNames(source);
      if (last === undefined) break;
      await source.undoLastMigration({ transaction: 'each' });
      undone.push(last);
    }
    return undone;
  });
}

async function withLock<T>(options: MigrationOptions, work: (source: DataSource) => Promise<T>): Promise<T> {
  const guard = new pg.Client({
    connectionString: options.url,
    application_name: 'tidemark migrate',
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a connection that is lost between two statements ends the process; the next statement says so.
  guard.on('error', () => undefined);
  try {
    await guard.connect();
    await refuseOldServer(guard);
    const free = await guard.query<{ locked: boolean }>(`select pg_try_advisory_lock(${MIGRATION_LOCK}) as locked`);
    if (free.rows[0]?.locked !== true) {
      options.onProgress?.('another migration is running: waiting for it');
      await guard.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    }
    // Loaded here, because it is half of the start of a process that only asks Postgres something.
    const { DataSource } = await import('typeorm');
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: 'tidemark migrate',
      migrations: options.migrations.map((migration) =>
        options.onProgress === undefined ? migration : reportedMigration(migration, options.onProgress),
      ),
      migrationsTableName: 'tidemark_migration',
      installExtensions: false,
      extra: { max: 1 },
    });
    await source.initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  } catch (error) {
    throw translatePostgresError(error);
  } finally {
    await guard.end();
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const result = await client.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number`,
  );
  const server = result.rows[0];
  if (server !== undefined && server.number < OLDEST_SERVER) {
    throw new TidemarkError('DATABASE_UNSUPPORTED', `the server is Postgres ${server.version}`);
  }
}

async function appliedNames(source: DataSource): Promise<string[]> {
  const table = await source.query<{ present: boolean }[]>(
    `select to_regclass('tidemark_migration') is not null as present`,
  );
  if (table[0]?.present !== true) return [];
  const rows = await source.query<{ name: string }[]>('select name from tidemark_migration order by id desc');
  return rows.map((row) => row.name);
}

async function refuseNewer(source: DataSource, known: MigrationOptions['migrations']): Promise<void> {
  const names = new Set(known.map((migration) => migration.name));
  const unknown = (await appliedNames(source)).filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new TidemarkError(
      'SCHEMA_TOO_NEW',
      `the database has migrations that this version does not know: ${unknown.join(', ')}`,
    );
  }
}
