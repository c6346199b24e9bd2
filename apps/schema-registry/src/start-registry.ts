import { closeHttpApp, createAuthenticator, listen } from '#libs/foundation/http';
import { createMetrics, HealthChecks, type Logger } from '#libs/foundation/observability';
import { cancelAfter, Database, requireMigrated } from '#libs/foundation/postgres';
import type { RunningService } from '#libs/foundation/program';
import {
  ASSOCIATION_GUARD,
  createSchemaRegistry,
  PostgresAssociations,
  SCHEMA_FORMATS,
  SCHEMA_FORMATS_OF_7,
} from '#libs/stores/schemas';
import { MIGRATIONS } from '#migrations';
import type { RegistryConfig } from './config.ts';
import type { Services } from './http/services.ts';
import { cachedReads } from './reads/cached-reads.ts';
import { createRegistryApp } from './registry-app.ts';

/** Of the memory for answers: what the registry keeps of schemas to make other answers from. */
const SCHEMAS_SHARE = 0.5;
/** Statements are cancelled so long before the connections of their clients are cut: an answer is better than none. */
const ANSWER_MS = 200;

/**
 * Starts the registry on a migrated database. It reads nothing before it is asked, so that the time does not depend on how
 * many schemas there are; several on one database work together. Throws SCHEMA_MISSING or SCHEMA_TOO_NEW when the database
 * does not fit, CONFIG_INVALID for credentials that cannot be read, PORT_UNAVAILABLE; nothing keeps running then.
 */
export async function startRegistry(
  config: RegistryConfig,
  databaseUrl: string,
  logger: Logger,
): Promise<RunningService> {
  await requireMigrated({ url: databaseUrl, migrations: MIGRATIONS });
  const metrics = createMetrics();
  const health = new HealthChecks();
  const authenticator = await createAuthenticator({ credentialsFile: config.TIDEMARK_CREDENTIALS_FILE, logger });
  const database = new Database({
    url: databaseUrl,
    poolMax: config.TIDEMARK_POOL_MAX,
    applicationName: 'tidemark registry',
    onIdleError: (error) => logger.warn('lost an idle connection', { error }),
  });
  health.addReadiness({
    name: 'postgres',
    check: async () => {
      await database.query('select 1 from registry.revision');
      return { ok: true, detail: 'answers' };
    },
  });
  const services = openServices(config, database, (bytes, isFresh) => cachedReads(bytes, isFresh, metrics));
  const app = await createRegistryApp({ services, config, authenticator, logger, metrics, health });
  let url: string;
  try {
    url = await listen(app, {
      port: config.TIDEMARK_REGISTRY_PORT,
      portSetting: 'TIDEMARK_REGISTRY_PORT',
      address: config.TIDEMARK_BIND,
    });
  } catch (error) {
    await app.close();
    await database.close(0);
    throw error;
  }
  logger.info('registry started', { url, profile: config.TIDEMARK_REGISTRY_PROFILE });
  return {
    url,
    stop: async (deadlineMs) => {
      health.markStopping();
      try {
        await cancelAfter([database], deadlineMs - ANSWER_MS, closeHttpApp(app, deadlineMs));
      } finally {
        // What goes on without a client has had its time.
        await database.close(0);
      }
      logger.info('registry stopped');
    },
  };
}

function openServices(
  config: RegistryConfig,
  database: Database,
  readsOf: (bytesMax: number, isFresh: () => boolean) => Services['reads'],
): Services {
  const bytes = config.TIDEMARK_REGISTRY_CACHE_BYTES;
  const reads = readsOf(bytes * (1 - SCHEMAS_SHARE), () => registry.isFresh());
  const registry = createSchemaRegistry({
    database,
    formats: config.TIDEMARK_REGISTRY_PROFILE === 7 ? SCHEMA_FORMATS_OF_7 : SCHEMA_FORMATS,
    associations: ASSOCIATION_GUARD,
    defaults: { compatibilityLevel: config.TIDEMARK_REGISTRY_COMPATIBILITY },
    modesMayChange: config.TIDEMARK_REGISTRY_MODE_MUTABILITY,
    cacheBytesMax: bytes * SCHEMAS_SHARE,
    onForget: () => reads.forget(),
  });
  const associations = new PostgresAssociations(database, registry);
  return { registry, associations, reads, profile: config.TIDEMARK_REGISTRY_PROFILE };
}
