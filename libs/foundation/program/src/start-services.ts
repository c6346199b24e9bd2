import { TidemarkError } from '#libs/foundation/kernel';
import type { Shutdown } from '#libs/foundation/lifecycle';
import type { Logger } from '#libs/foundation/observability';
import { migrateUp, type MigrationOptions, startEmbeddedPostgres } from '#libs/foundation/postgres';
import type { Service } from './service.ts';

/** Where the database is: at a URL, or an embedded one with its data in a folder. */
export interface DatabaseChoice {
  readonly DATABASE_URL?: string;
  readonly TIDEMARK_DATA: string;
}

export interface ServicesToStart<Config extends DatabaseChoice> {
  readonly config: Config;
  readonly services: readonly Service<Config>[];
  readonly migrations: MigrationOptions['migrations'];
  readonly logger: Logger;
  /** What has been started is added here, and stopped by it. */
  readonly shutdown: Shutdown;
  /** Aborted when the process is told to stop before it has started: no further part is started then. */
  readonly interrupted: AbortSignal;
}

/** What runs. */
export interface StartedServices {
  readonly databaseUrl: string;
  readonly embedded: boolean;
  readonly services: readonly { readonly name: string; readonly offers: string; readonly url: string }[];
}

/**
 * Brings up the database and then each service, one after the other. A database of the user's own must be migrated
 * (SCHEMA_MISSING); the embedded one is migrated here, because nobody else can reach it before.
 *
 * Throws what the parts throw, and SHUTTING_DOWN when interrupted. What had been started by then is in `shutdown`.
 */
export async function startServices<Config extends DatabaseChoice>(
  parts: ServicesToStart<Config>,
): Promise<StartedServices> {
  const { config, logger, shutdown, interrupted } = parts;
  const databaseUrl = config.DATABASE_URL ?? (await startDatabase(parts));
  const running: { name: string; offers: string; url: string }[] = [];
  for (const service of parts.services) {
    goOnUnless(interrupted);
    const started = await service.start(config, databaseUrl, logger.child({ service: service.name }));
    shutdown.add(service.name, (deadlineMs) => started.stop(deadlineMs));
    running.push({ name: service.name, offers: service.offers, url: started.url });
  }
  goOnUnless(interrupted);
  return { databaseUrl, embedded: config.DATABASE_URL === undefined, services: running };
}

async function startDatabase(parts: Omit<ServicesToStart<DatabaseChoice>, 'services'>): Promise<string> {
  const { config, logger, shutdown, interrupted, migrations } = parts;
  const log = logger.child({ service: 'postgres' });
  const postgres = await startEmbeddedPostgres({ dataDir: config.TIDEMARK_DATA, log: (line) => log.info(line) });
  shutdown.add('embedded postgres', (deadlineMs) => postgres.stop(deadlineMs));
  goOnUnless(interrupted);
  await migrateUp({ url: postgres.url, migrations, onProgress: (line) => log.debug(line) });
  return postgres.url;
}

function goOnUnless(interrupted: AbortSignal): void {
  if (interrupted.aborted) throw new TidemarkError('SHUTTING_DOWN', 'told to stop while starting');
}
