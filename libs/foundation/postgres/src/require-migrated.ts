import { TidemarkError } from '#libs/foundation/kernel';
import type { MigrationOptions } from './migrate.ts';
import { migrationStatus } from './migration-status.ts';

/**
 * Refuses a database that this version cannot serve. Throws SCHEMA_MISSING when migrations are missing, SCHEMA_TOO_NEW when
 * it has some that this version does not know, DATABASE_UNAVAILABLE. Changes nothing.
 */
export async function requireMigrated(options: MigrationOptions): Promise<void> {
  const { pending, unknown } = await migrationStatus(options);
  if (unknown.length > 0) {
    throw new TidemarkError(
      'SCHEMA_TOO_NEW',
      `the database has migrations that this version does not know: ${unknown.join(', ')}`,
    );
  }
  if (pending.length > 0) {
    throw new TidemarkError('SCHEMA_MISSING', `the database lacks ${pending.length} migrations, first ${pending[0]}`);
  }
}
