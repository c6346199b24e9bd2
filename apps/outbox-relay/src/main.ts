import { describeError } from '#libs/foundation/kernel';
import { logFormatOf, redactConfig } from '#libs/foundation/config';
import { Shutdown } from '#libs/foundation/lifecycle';
import { createLogger } from '#libs/foundation/observability';
import { migrateUp, startEmbeddedPostgres } from '#libs/foundation/postgres';
import { MIGRATIONS } from '#migrations';
import { loadRelayConfig, relayConfig } from './config.ts';
import { startRelay } from './start-relay.ts';

async function main(): Promise<void> {
  const config = loadRelayConfig(process.env);
  const logger = createLogger({
    level: config.TIDEMARK_LOG_LEVEL,
    format: logFormatOf(config.TIDEMARK_LOG_FORMAT, process.stdout.isTTY),
    fields: { service: 'relay' },
  });
  logger.info('relay starting', { settings: redactConfig(relayConfig, config) });
  const shutdown = new Shutdown({ deadlineMs: config.TIDEMARK_DRAIN_MS });
  shutdown.onSignals(['SIGTERM', 'SIGINT']);
  let databaseUrl = config.DATABASE_URL;
  if (databaseUrl === undefined) {
    const postgres = await startEmbeddedPostgres({
      dataDir: config.TIDEMARK_DATA,
      log: (line) => logger.info(line),
    });
    shutdown.add('embedded postgres', (deadlineMs) => postgres.stop(deadlineMs));
    databaseUrl = postgres.url;
    // Nobody else can reach it to migrate it.
    await migrateUp({ url: databaseUrl, migrations: MIGRATIONS });
  }
  const relay = await startRelay(config, databaseUrl, logger);
  shutdown.add('relay', (deadlineMs) => relay.stop(deadlineMs));
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
