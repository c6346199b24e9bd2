import { closeHttpApp, createAuthenticator, createHttpApp, listen } from '#libs/foundation/http';
import { VERSION } from '#libs/foundation/kernel';
import { createMetrics, HealthChecks, type Logger } from '#libs/foundation/observability';
import { requireMigrated } from '#libs/foundation/postgres';
import { MIGRATIONS } from '#migrations';
import type { RelayConfig } from './config.ts';
import { Relay } from './relay.ts';
import { RelayModule } from './relay.module.ts';

/** Statements are cancelled so long before the connections of their clients are cut: an answer is better than none. */
const ANSWER_MS = 200;

export interface RunningRelay {
  readonly relay: Relay;
  /** Where it listens: http://127.0.0.1:8082 */
  readonly url: string;
  /**
   * Gives the lease back after the step in hand, refuses new requests and lets those in progress finish. What is not done
   * by `deadlineMs` is cut. Throws what a part could not do; everything is closed nevertheless.
   */
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Starts the relay on a migrated database. Throws SCHEMA_MISSING or SCHEMA_TOO_NEW when the database does not fit,
 * CONFIG_INVALID for credentials that cannot be read, PORT_UNAVAILABLE; nothing keeps running then.
 */
export async function startRelay(config: RelayConfig, databaseUrl: string, logger: Logger): Promise<RunningRelay> {
  await requireMigrated({ url: databaseUrl, migrations: MIGRATIONS });
  const metrics = createMetrics();
  const health = new HealthChecks();
  const authenticator = await createAuthenticator({ credentialsFile: config.TIDEMARK_CREDENTIALS_FILE, logger });
  const relay = new Relay({ config, databaseUrl, logger, metrics, health });
  const app = await createHttpApp(RelayModule.forRoot({ relay, health, metrics, version: VERSION }), {
    logger,
    authenticator,
    metrics,
    bodyMaxBytes: config.TIDEMARK_HTTP_BODY_MAX_BYTES,
    timeoutMs: config.TIDEMARK_HTTP_TIMEOUT_MS,
    drainMs: config.TIDEMARK_DRAIN_MS,
  });
  let url: string;
  try {
    url = await listen(app, {
      port: config.TIDEMARK_RELAY_PORT,
      portSetting: 'TIDEMARK_RELAY_PORT',
      address: config.TIDEMARK_BIND,
    });
    await relay.start();
  } catch (error) {
    await app.close();
    await relay.stop(0);
    throw error;
  }
  logger.info('relay started', { url });
  return {
    relay,
    url,
    stop: async (deadlineMs) => {
      health.markStopping();
      // At the same time: a standby leads at once, however long a reader here takes.
      const endsAt = performance.now() + deadlineMs;
      const both = Promise.allSettled([closeHttpApp(app, deadlineMs), relay.sequencer.stop(deadlineMs)]);
      const [closed] = await relay.cancelAfter(deadlineMs - ANSWER_MS, both);
      await relay.stop(Math.max(0, endsAt - performance.now()));
      if (closed.status === 'rejected') throw closed.reason;
      logger.info('relay stopped');
    },
  };
}
