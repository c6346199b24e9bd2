import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { redactUrls, TidemarkError } from '#libs/foundation/kernel';
import { Database, startEmbeddedPostgres } from '#libs/foundation/postgres';

export interface DemoPostgres {
  readonly url: string;
  /** For people: which server this is. */
  readonly described: string;
  /** Removes what the demo made: the server with its folder, or the database. */
  dispose(deadlineMs: number): Promise<void>;
}

/** An empty database that only this run of the demo uses: on the server of `url`, else on an embedded one in `folder`. */
export function provideDemoPostgres(
  url: string | undefined,
  folder: string,
  report: (line: string) => void,
): Promise<DemoPostgres> {
  return url === undefined ? embedded(join(folder, 'postgres'), report) : ownDatabase(url);
}

async function embedded(dataDir: string, report: (line: string) => void): Promise<DemoPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: report });
  return {
    url: postgres.url,
    described: `embedded, port ${postgres.port}, process ${postgres.pid}`,
    dispose: async (deadlineMs) => {
      await postgres.stop(deadlineMs);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function ownDatabase(serverUrl: string): Promise<DemoPostgres> {
  const name = `tidemark_demo_${randomBytes(4).toString('hex')}`;
  try {
    await onServer(serverUrl, `create database ${name}`);
  } catch (error) {
    const problem = `no database can be made on ${redactUrls(serverUrl)}: ${(error as Error).message}`;
    throw new TidemarkError('DATABASE_UNAVAILABLE', problem, {
      cause: error,
      remedy: 'Let DATABASE_URL name a role that may create databases, or leave it out to use an embedded Postgres.',
    });
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    described: `${redactUrls(serverUrl)}, in the new database ${name}`,
    dispose: () => onServer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const server = new Database({ url, poolMax: 1, applicationName: 'tidemark demo' });
  try {
    await server.query(statement);
  } finally {
    await server.close();
  }
}
