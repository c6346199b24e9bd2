import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { findBinaries } from './binaries.ts';
import { identityOf } from './process-identity.ts';
import { ServerLog } from './server-log.ts';
import { privilegesToTry, probePrivileges } from './server-privileges.ts';
import { serverUserFor } from './server-user.ts';
import { type Site } from './site.ts';

// Others may enter, so that the server's user reaches its own folder, but not look around.
const DATA_DIR_MODE_OF_ROOT = 0o711;

/** Makes the data folder when it is missing and finds out how to run Postgres for it. Throws EMBEDDED_POSTGRES_FAILED. */
export async function surveySite(
  given: Pick<Site, 'dataDir' | 'report' | 'startTimeoutMs' | 'clock' | 'sleep'>,
): Promise<Site> {
  const isRoot = process.geteuid?.() === 0;
  const made = await mkdir(resolve(given.dataDir), { recursive: true, mode: 0o700 });
  const dataDir = await realpath(given.dataDir);
  if (made !== undefined && isRoot) await chmod(dataDir, DATA_DIR_MODE_OF_ROOT);
  const folder = join(dataDir, 'postgres');
  const binaries = await findBinaries();
  const user = await serverUserFor(folder);
  return {
    ...given,
    ...(await probePrivileges(privilegesToTry(isRoot, user), binaries, dataDir)),
    dataDir,
    folder,
    binaries,
    user,
    self: (await identityOf(process.pid)) ?? { pid: process.pid, started: '' },
    serverLog: new ServerLog(join(dataDir, 'postgres.log')),
  };
}
