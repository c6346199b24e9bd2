import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database, migrateUp } from '#libs/foundation/postgres';
import { MIGRATIONS } from '#migrations';

/** A migrated database of its own for one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Another pool on the same database, closed with it. */
  pool(poolMax: number): Database;
  drop(): Promise<void>;
}

/** Template databases are made once per set of migrations; making one is guarded by this advisory lock. */
const TEMPLATE_LOCK = 7_463_001;

function serverUrl(): string {
  const url = process.env['TIDEMARK_TEST_DATABASE_URL'];
  if (url === undefined) {
    throw new Error(
      'TIDEMARK_TEST_DATABASE_URL is not set: run tests through npm (npm test -- <path>), which starts a Postgres for them',
    );
  }
  return url;
}

function withName(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}

/**
 * Clones a migrated template (about 0.1 s). `await using database = await createTestDatabase()` is not used because jest
 * tests share it: call drop() in afterAll. With `migrated: false` the database is empty.
 */
export async function createTestDatabase(
  options: { migrated?: boolean; poolMax?: number } = {},
): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl() });
  await admin.connect();
  const name = `tm_test_${randomBytes(6).toString('hex')}`;
  try {
    if (options.migrated === false) await admin.query(`create database ${name}`);
    else await admin.query(`create database ${name} template ${await templateName(admin)}`);
  } finally {
    await admin.end();
  }
  const url = withName(serverUrl(), name);
  const pools: Database[] = [];
  const pool = (poolMax: number): Database => {
    const opened = new Database({ url, poolMax, applicationName: 'tidemark test' });
    pools.push(opened);
    return opened;
  };
  return {
    url,
    db: pool(options.poolMax ?? 10),
    pool,
    drop: async () => {
      await Promise.all(pools.map((opened) => opened.close()));
      const client = new pg.Client({ connectionString: serverUrl() });
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}

async function templateName(admin: pg.Client): Promise<string> {
  // The source text of the migrations names the template, so that a changed one makes a new template.
  const source =
    MIGRATIONS.map((migration) => `${migration.name} ${migration.toString()}`).join('\n') + (await migrationSources());
  const name = `tm_template_${createHash('sha256').update(source).digest('hex').slice(0, 12)}`;
  await admin.query(`select pg_advisory_lock(${TEMPLATE_LOCK})`);
  try {
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) {
      const scratch = `${name}_making`;
      await admin.query(`drop database if exists ${scratch} with (force)`);
      await admin.query(`create database ${scratch}`);
      await migrateUp({ url: withName(serverUrl(), scratch), migrations: MIGRATIONS });
      await admin.query(`alter database ${scratch} rename to ${name}`);
    }
  } finally {
    await admin.query(`select pg_advisory_unlock(${TEMPLATE_LOCK})`);
  }
  return name;
}

async function migrationSources(): Promise<string> {
  const { readdir, readFile } = await import('node:fs/promises');
  const folder = new URL('../../../../migrations/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return (await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))).join('\n');
}
