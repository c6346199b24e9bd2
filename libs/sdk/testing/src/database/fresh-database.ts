import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrateUp, startEmbeddedPostgres } from '#libs/foundation/postgres';
import { MIGRATIONS } from '#migrations';

const STOP_MS = 5_000;

export interface FreshDatabaseOptions {
  /** A server on which databases may be made. Default: an embedded Postgres, which several test processes share. */
  readonly server?: string;
  /** Of the embedded server, kept for the next run; default `tidemark-test` in the folder for temporary files. */
  readonly dataDir?: string;
}

export interface FreshDatabase {
  readonly url: string;
  /** Drops the database, and stops the server if it was started here. */
  drop(): Promise<void>;
}

/** A new database with Tidemark's tables, for a file of tests. */
export async function freshDatabase(options: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const server = await serverOf(options);
  const name = `tidemark_test_${randomBytes(6).toString('hex')}`;
  await onServer(server.url, `create database ${name}`);
  const url = withName(server.url, name);
  await migrateUp({ url, migrations: MIGRATIONS });
  return {
    url,
    drop: async () => {
      await onServer(server.url, `drop database if exists ${name} with (force)`);
      await server.stop();
    },
  };
}

async function serverOf({
  server,
  dataDir,
}: FreshDatabaseOptions): Promise<{ url: string; stop: () => Promise<void> }> {
  if (server !== undefined) return { url: server, stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: dataDir ?? join(tmpdir(), 'tidemark-test') });
  return { url: embedded.url, stop: () => embedded.stop(STOP_MS) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const database = new Database({ url, poolMax: 1, applicationName: 'tidemark tests' });
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}

function withName(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}
