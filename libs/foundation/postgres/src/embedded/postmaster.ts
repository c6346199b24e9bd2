import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { TidemarkError } from '#libs/foundation/kernel';
import { type PostmasterFile, parsePostmasterFile } from './postmaster-file.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { PROGRAM_ENV } from './run-program.ts';
import { serverArguments, type ServerSettings } from './server-settings.ts';
import { POLL_MS, type Site } from './site.ts';

// After SIGQUIT the postmaster waits up to 5 s for its children before it kills them.
const QUIT_GRACE_MS = 7_000;

/**
 * Starts the server process in a process group of its own, so that Ctrl-C in a terminal reaches us alone and whoever uses
 * the database can drain first. Answers before the server accepts connections. `onExit` is told when the process ends,
 * or could not be made.
 */
export async function launchPostmaster(
  site: Site,
  port: number,
  settings: ServerSettings | undefined,
  onExit: (how: string) => void,
): Promise<ProcessIdentity | undefined> {
  const { prefix, uid, gid } = site.privileges;
  const [file = '', ...args] = [...prefix, site.binaries.postgres, ...serverArguments(site.folder, port, settings)];
  const log = await site.serverLog.openForServer();
  try {
    const child = spawn(file, args, {
      cwd: '/',
      env: PROGRAM_ENV,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      uid,
      gid,
    });
    child.once('error', (error) => onExit(error.message));
    child.once('exit', (code, signal) => onExit(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.unref();
    return child.pid === undefined ? undefined : ((await identityOf(child.pid)) ?? { pid: child.pid, started: '' });
  } finally {
    await log.close();
  }
}

/** postmaster.pid as it is now; undefined when there is none or it is incomplete. */
export async function readPostmasterFile(folder: string): Promise<PostmasterFile | undefined> {
  try {
    return parsePostmasterFile(await readFile(postmasterPath(folder), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function postmasterPath(folder: string): string {
  return join(folder, 'postmaster.pid');
}

/**
 * Fast shutdown: sessions are ended, everything is written, the next start needs no recovery. A server that has not ended
 * after `deadlineMs` is ended at once; its next start recovers, nothing committed is lost. Throws STOP_DEADLINE_EXCEEDED
 * when even that does not end it.
 */
export async function stopPostmaster(site: Site, server: ProcessIdentity, deadlineMs: number): Promise<void> {
  if (!(await signalled(server, 'SIGINT')) || (await isGoneWithin(site, server, deadlineMs))) return;
  site.report(
    `Postgres ${server.pid} has not stopped within ${deadlineMs} ms; ending it at once, its next start will recover`,
  );
  if (!(await signalled(server, 'SIGQUIT')) || (await isGoneWithin(site, server, QUIT_GRACE_MS))) return;
  throw new TidemarkError(
    'STOP_DEADLINE_EXCEEDED',
    `the embedded Postgres, process ${server.pid}, did not end after SIGQUIT`,
    {
      context: { pid: server.pid, dataDir: site.dataDir },
      remedy: `See ${site.serverLog.path}, then end the process by hand; committed data is safe.`,
    },
  );
}

export async function isGoneWithin(site: Site, server: ProcessIdentity, ms: number): Promise<boolean> {
  const endsAt = site.clock.now() + ms;
  while (await isAlive(server)) {
    if (site.clock.now() >= endsAt) return false;
    await site.sleep(POLL_MS);
  }
  return true;
}

async function signalled(server: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(server))) return false;
  try {
    process.kill(server.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
