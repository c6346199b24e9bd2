import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type Credentials } from './credentials.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { runProgram } from './run-program.ts';
import { type Site } from './site.ts';

/** `unfinished`: something lies there that was never a complete cluster; `damaged`: a part of one is missing. */
export type ClusterState = 'absent' | 'unfinished' | 'damaged' | 'complete' | 'other-version';

const INITDB_PREFIX = 'postgres.initdb-';
const INITDB_TIMEOUT_MS = 120_000;

/** Pure: `entries` are the names in the folder (undefined when there is none), `version` the content of PG_VERSION. */
export function clusterState(
  entries: readonly string[] | undefined,
  version: string | undefined,
  hasControlFile: boolean,
  majorVersion: string,
): ClusterState {
  if (entries === undefined) return 'absent';
  if (version === undefined && !hasControlFile) return 'unfinished';
  if (version === undefined || !hasControlFile) return 'damaged';
  return version.trim() === majorVersion ? 'complete' : 'other-version';
}

/**
 * Leaves a complete cluster of our version or none; answers whether there is one. What an interrupted initdb left is
 * removed; a folder that was never a cluster is moved aside, since it may be somebody's. Throws EMBEDDED_POSTGRES_FAILED for
 * a damaged cluster and for one of another major version, and changes nothing then.
 */
export async function prepareClusterFolder(site: Site): Promise<boolean> {
  const { folder } = site;
  const version = await orUndefined(readFile(join(folder, 'PG_VERSION'), 'utf8'));
  const hasControlFile = (await orUndefined(readFile(join(folder, 'global', 'pg_control')))) !== undefined;
  const state = clusterState(await orUndefined(readdir(folder)), version, hasControlFile, site.majorVersion);
  if (state === 'damaged') {
    throw embeddedFailure(
      `the data in ${folder} is damaged: ${version === undefined ? 'PG_VERSION' : 'global/pg_control'} is missing`,
      {
        remedy: `Restore ${site.dataDir} from a backup, or remove it to begin with an empty database.`,
      },
    );
  }
  if (state === 'other-version') {
    throw embeddedFailure(
      `the data in ${folder} was made by Postgres ${version?.trim()}, the installed one is ${site.majorVersion}`,
      {
        remedy: `Install the version of Tidemark that made it, dump and restore the data with it, or use another data folder (TIDEMARK_DATA).`,
      },
    );
  }
  if (state === 'unfinished') await moveAside(site);
  for (const name of await readdir(site.dataDir)) {
    // Retried: an initdb whose parent was killed may still be writing.
    if (name.startsWith(INITDB_PREFIX))
      await rm(join(site.dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
  return state === 'complete';
}

async function moveAside(site: Site): Promise<void> {
  const aside = `${site.folder}.unfinished-${site.clock.now()}`;
  await rename(site.folder, aside);
  site.report(`${site.folder} held no complete database; it was moved to ${aside}, and a new one is made`);
}

/**
 * Makes an empty cluster: in a folder beside the final one, which it is renamed to when it is complete, so that an
 * interruption never leaves a half-made one in its place.
 */
export async function createCluster(site: Site, credentials: Credentials): Promise<void> {
  const temporary = join(site.dataDir, `${INITDB_PREFIX}${site.self.pid}`);
  const passwordFile = `${temporary}.password`;
  site.report(`making a new database in ${site.folder}`);
  try {
    await mkdir(temporary, { mode: 0o700 });
    await writeFile(passwordFile, credentials.password, { mode: 0o600, flag: 'wx' });
    if (process.geteuid?.() === 0)
      for (const path of [temporary, passwordFile]) await chown(path, site.user.uid, site.user.gid);
    const command = [
      site.binaries.initdb,
      '-D',
      temporary,
      '-U',
      credentials.user,
      `--pwfile=${passwordFile}`,
      ...INITDB_OPTIONS,
    ];
    const { ok, output } = await runProgram(site.privileges, command, INITDB_TIMEOUT_MS);
    if (!ok) throw initdbFailed(site, output);
    await rename(temporary, site.folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

// The built-in locale provider sorts the same way on every machine, whatever locales it has installed.
const INITDB_OPTIONS = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

function initdbFailed(site: Site, output: string): Error {
  const unnamed = output.includes('could not look up effective user ID');
  return embeddedFailure(`initdb could not make a database in ${site.dataDir}`, {
    details: output,
    remedy: unnamed
      ? `Add a line for user id ${site.user.uid} to /etc/passwd, or run this as a user who has one.`
      : undefined,
  });
}

async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
