import pg from 'pg';
import { TidemarkError } from '#libs/foundation/kernel';
import type { MigrationOptions } from './migrate.ts';
import { translatePostgresError } from './postgres-error.ts';

/**
 * Refuses a database that this version cannot serve. Throws SCHEMA_MISSING when migrations are missing, SCHEMA_TOO_NEW when
 * it has some that this version does not know, DATABASE_UNAVAILABLE. Changes nothing.
 */
export async function requireMigrated(options: MigrationOptions): Promise<void> {
  const applied = new Set(await appliedMigrations(options.url));
  const known = options.migrations.map((migration) => migration.name);
  const newer = [...applied].filter((name) => !known.includes(name));
  if (newer.length > 0) {
    throw new TidemarkError(
      'SCHEMA_TOO_NEW',
      `the database has migrations that this version does not know: ${newer.join(', ')}`,
    );
  }
  const missing = known.filter((name) => !applied.has(name));
  if (missing.length > 0) {
    throw new TidemarkError('SCHEMA_MISSING', `the database lacks ${missing.length} migrations, first ${missing[0]}`);
  }
}

async function appliedMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tidemark start',
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
    const table = await client.query<{ present: boolean }>(
      `select to_regclass('tidemark_migration') is not null as present`,
    );
    if (table.rows[0]?.present !== true) return [];
    const applied = await client.query<{ name: string }>('select name from tidemark_migration');
    return applied.rows.map((row) => row.name);
  } catch (error) {
    throw translatePostgresError(error);
  } finally {
    await client.end();
  }
}
