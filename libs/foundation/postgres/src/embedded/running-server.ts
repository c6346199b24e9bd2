import { chown, readFile, rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { connectionUrl, type Credentials } from './credentials.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { isGoneWithin, postmasterPath, readPostmasterFile } from './postmaster.ts';
import { withPostmasterPid } from './postmaster-file.ts';
import { argumentsOf, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { dataDirectoryBehind } from './server-identity.ts';
import { POLL_MS, type Site } from './site.ts';

export interface RunningServer {
  readonly process: ProcessIdentity;
  readonly port: number;
}

const PROGRESS_EVERY_MS = 5_000;

/**
 * The server that runs on this folder and accepts our password, once it is ready; undefined when none runs. A server that
 * is just stopping is waited for. Throws EMBEDDED_POSTGRES_FAILED when what runs there is not ours, or not ready in time.
 */
export async function findRunningServer(site: Site, credentials: Credentials): Promise<RunningServer | undefined> {
  const file = await readPostmasterFile(site.folder);
  const server = file === undefined ? undefined : await identityOf(file.pid);
  if (file === undefined || server === undefined) return undefined;
  const args = await argumentsOf(server.pid);
  if (args !== undefined && !args.includes(site.folder)) {
    await disownPostmasterFile(site, server.pid);
    return undefined;
  }
  if (file.status === 'stopping') {
    if (await isGoneWithin(site, server, site.startTimeoutMs)) return undefined;
    throw embeddedFailure(
      `the server on ${site.folder}, process ${server.pid}, has been stopping for ${site.startTimeoutMs} ms`,
    );
  }
  const port = await readyPort(site, server, () => false);
  if (port === undefined) return undefined;
  await verifyServer(site, credentials, { process: server, port });
  return { process: server, port };
}

/** Throws EMBEDDED_POSTGRES_FAILED unless the server takes our password and works on our folder. */
export async function verifyServer(site: Site, credentials: Credentials, server: RunningServer): Promise<void> {
  let found: string;
  try {
    found = await dataDirectoryBehind(connectionUrl(credentials, server.port));
  } catch (error) {
    throw embeddedFailure(
      `process ${server.process.pid} on port ${server.port} does not let us in: ${(error as Error).message}`,
      {
        cause: error,
        remedy: `If it is a left-over Postgres, end it (kill -INT ${server.process.pid}) and start again; if not, remove ${postmasterPath(site.folder)}.`,
      },
    );
  }
  if (found === site.folder) return;
  throw embeddedFailure(`the server on port ${server.port} works on ${found}, not on ${site.folder}`, {
    remedy: `End process ${server.process.pid} or whatever listens on port ${server.port}, then start again.`,
  });
}

/**
 * Waits until the server accepts connections and answers its port; undefined when it ended instead. Recovery after a crash
 * can take a while: it is reported every few seconds. Throws EMBEDDED_POSTGRES_FAILED after the start timeout.
 */
export async function readyPort(
  site: Site,
  server: ProcessIdentity,
  ended: () => boolean,
): Promise<number | undefined> {
  const startedAt = site.clock.now();
  let reportAt = startedAt + PROGRESS_EVERY_MS;
  for (;;) {
    const file = await readPostmasterFile(site.folder);
    if (file?.pid === server.pid && file.status === 'ready' && file.port !== undefined) return file.port;
    if (ended() || !(await isAlive(server))) return undefined;
    const waitedMs = site.clock.now() - startedAt;
    if (waitedMs >= site.startTimeoutMs) {
      throw embeddedFailure(`Postgres was not ready within ${site.startTimeoutMs} ms`, {
        details: await site.serverLog.tail(),
      });
    }
    if (site.clock.now() >= reportAt) {
      const last = (await site.serverLog.tail()).split('\n').at(-1) ?? '';
      site.report(`Postgres is not ready after ${Math.round(waitedMs / 1_000)} s: ${last}`);
      reportAt += PROGRESS_EVERY_MS;
    }
    await site.sleep(POLL_MS);
  }
}

/**
 * After a reboot the pid in a left-over file may belong to another program, and Postgres would refuse to start. The file is
 * not removed but made to name us, the parent of the next server: Postgres ignores its parent there and can still recognise
 * processes of the old server by the rest of the file.
 */
async function disownPostmasterFile(site: Site, otherPid: number): Promise<void> {
  const path = postmasterPath(site.folder);
  const temporary = `${path}.new`;
  await writeFile(temporary, withPostmasterPid(await readFile(path, 'utf8'), process.pid), { mode: 0o600 });
  if (process.geteuid?.() === 0) await chown(temporary, site.user.uid, site.user.gid);
  await rename(temporary, path);
  site.report(`${path} was left over from a crash: process ${otherPid} is another program`);
}
