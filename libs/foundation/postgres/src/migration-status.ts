import pg from 'pg';
import type { MigrationOptions } from './migrate.ts';
import { translatePostgresError } from './postgres-error.ts';

export interface MigrationStatus {
  /** Known to this version and applied, oldest first. */
  readonly applied: readonly string[];
  /** Known and not applied, oldest first. */
  readonly pending: readonly string[];
  /** Applied by a newer version. */
  readonly unknown: readonly string[];
}

/** Which migrations a database has. Changes nothing and waits for nobody. Throws DATABASE_UNAVAILABLE. */
export async function migrationStatus(options: MigrationOptions): Promise<MigrationStatus> {
  const found = new Set(await appliedMigrations(options.url));
  const known = options.migrations.map((migration) => migration.name);
  return {
    applied: known.filter((name) => found.has(name)),
    pending: known.filter((name) => !found.has(name)),
    unknown: [...found].filter((name) => !known.includes(name)),
  };
}

async function appliedMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tidemark start',
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a connection that is lost between two statements ends the process; the next statement says so.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const table = await client.query<{ present: boolean }>(
      `select to_regclass('tidemark_migration') is not null as present`,
    );
    if (table.rows[0]?.present !== true) return [];
    const applied = await client.query<{ name: string }>('select name from tidemark_migration order by id');
    return applied.rows.map((row) => row.name);
  } catch (error) {
    throw translatePostgresError(error);
  } finally {
    await client.end();
  }
}
