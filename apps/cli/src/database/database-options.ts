import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface DatabaseOptions {
  readonly databaseUrl?: string;
  readonly json?: true;
}

const STOP_MS = 10_000;

/** The option of commands that talk to a database. */
export function withDatabase(command: Command): Command {
  return command.addOption(
    new Option('--database-url <url>', 'the database (default: DATABASE_URL, else the embedded one in TIDEMARK_DATA)'),
  );
}

/**
 * Runs `work` with the URL of the database that the options and the environment name. The embedded one is used where it
 * runs, else started for this command and stopped after it; `make` allows that it is made when there is none yet.
 */
export async function onDatabase<T>(
  terminal: Terminal,
  options: DatabaseOptions,
  make: boolean,
  work: (url: string) => Promise<T>,
): Promise<T> {
  // Loaded late: help does not wait for what checks settings, nor other commands for a database driver.
  const { databaseAccess } = await import('./database-access.ts');
  const settings = databaseAccess({ ...terminal.env, ...given(options) });
  if (settings.DATABASE_URL !== undefined) return work(settings.DATABASE_URL);
  if (!make && !existsSync(settings.TIDEMARK_DATA)) {
    throw new CommandError(EXIT.FAILED, `there is no embedded database in ${settings.TIDEMARK_DATA} (TIDEMARK_DATA)`, {
      remedy: 'Name a database with --database-url or DATABASE_URL, or make the embedded one: tidemark migrate.',
    });
  }
  const { startEmbeddedPostgres } = await import('#libs/foundation/postgres');
  const postgres = await startEmbeddedPostgres({
    dataDir: settings.TIDEMARK_DATA,
    log: (line) => terminal.note(line),
  });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop(STOP_MS);
  }
}

/** The option wins over both forms of the variable. */
function given({ databaseUrl }: DatabaseOptions): Record<string, string | undefined> {
  return databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl, DATABASE_URL_FILE: undefined };
}
