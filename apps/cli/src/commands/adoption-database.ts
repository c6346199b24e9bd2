import { type DatabaseOptions, onDatabase } from '../database/database-options.ts';
import type { Terminal } from '../terminal.ts';

export type AdoptionLibrary = typeof import('#libs/stores/outbox');
export type Connection = InstanceType<(typeof import('#libs/foundation/postgres'))['Database']>;

/** Runs `work` on a migrated database. Throws SCHEMA_MISSING, SCHEMA_TOO_NEW, DATABASE_UNAVAILABLE. */
export function onMigratedDatabase<T>(
  terminal: Terminal,
  options: DatabaseOptions,
  work: (db: Connection, outbox: AdoptionLibrary) => Promise<T>,
): Promise<T> {
  return onDatabase(terminal, options, false, async (url) => {
    const { Database, requireMigrated } = await import('#libs/foundation/postgres');
    const { MIGRATIONS } = await import('#migrations');
    await requireMigrated({ url, migrations: MIGRATIONS });
    const db = new Database({ url, poolMax: 2, applicationName: 'tidemark adopt' });
    try {
      return await work(db, await import('#libs/stores/outbox'));
    } finally {
      await db.close();
    }
  });
}
