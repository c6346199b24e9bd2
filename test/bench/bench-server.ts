import { randomBytes } from 'node:crypto';
import { Database, migrateUp } from '#libs/foundation/postgres';
import { MIGRATIONS } from '#migrations';

/** A migrated database for one measurement. */
export interface BenchDatabase {
  readonly url: string;
  /** A pool of its own; closed with the database. No statement timeout: filling takes long. */
  pool(poolMax: number): Database;
  drop(): Promise<void>;
}

export interface BenchServer {
  /** Postmaster, when it runs on this machine and was started here. */
  readonly pid: number | undefined;
  readonly version: string;
  /** Settings that results depend on. */
  readonly settings: Readonly<Record<string, string>>;
  createDatabase(): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

const SHOWN_SETTINGS = [
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
];

export async function openBenchServer(
  url: string,
  pid: number | undefined,
  stop: () => Promise<void>,
): Promise<BenchServer> {
  const admin = new Database({ url, poolMax: 1, statementTimeoutMs: 0 });
  const version = await admin.query<{ version: string }>('select version()');
  const settings = await admin.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from pg_settings where name = any($1)',
    [SHOWN_SETTINGS],
  );
  const databases = new Set<BenchDatabase>();
  return {
    pid,
    version: version.rows[0]!.version,
    settings: Object.fromEntries(settings.rows.map((row) => [row.name, row.value])),
    createDatabase: async () => {
      const database = await createDatabase(admin, url, (dropped) => databases.delete(dropped));
      databases.add(database);
      return database;
    },
    stop: async () => {
      for (const database of databases) await database.drop();
      await admin.close();
      await stop();
    },
  };
}

/** What is offered beyond what can be done waits for a connection; that is measured, not refused. */
const QUEUE_MS = 300_000;

async function createDatabase(
  admin: Database,
  serverUrl: string,
  onDrop: (database: BenchDatabase) => void,
): Promise<BenchDatabase> {
  const name = `tm_bench_${randomBytes(4).toString('hex')}`;
  await admin.query(`create database ${name}`);
  const parsed = new URL(serverUrl);
  parsed.pathname = `/${name}`;
  const url = parsed.toString();
  await migrateUp({ url, migrations: MIGRATIONS });
  const pools: Database[] = [];
  const database: BenchDatabase = {
    url,
    pool: (poolMax) => {
      const pool = new Database({
        url,
        poolMax,
        applicationName: 'tidemark bench',
        statementTimeoutMs: 0,
        connectTimeoutMs: QUEUE_MS,
      });
      pools.push(pool);
      return pool;
    },
    drop: async () => {
      await Promise.all(pools.map((pool) => pool.close()));
      await admin.query(`drop database if exists ${name} with (force)`);
      onDrop(database);
    },
  };
  return database;
}
