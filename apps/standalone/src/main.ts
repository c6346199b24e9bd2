import { logFormatOf, redactConfig } from '#libs/foundation/config';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import { Shutdown } from '#libs/foundation/lifecycle';
import { createLogger } from '#libs/foundation/observability';
import { banner } from './banner.ts';
import { loadStandaloneConfig, standaloneConfig } from './config.ts';
import { SERVICES } from './services.ts';
import { startStandalone } from './standalone.ts';
import { signalsWhileStarting } from './start-signals.ts';

async function main(): Promise<void> {
  const config = loadStandaloneConfig(process.env);
  const format = logFormatOf(config.TIDEMARK_LOG_FORMAT, process.stdout.isTTY);
  const logger = createLogger({ level: config.TIDEMARK_LOG_LEVEL, format });
  const shutdown = new Shutdown({ deadlineMs: config.TIDEMARK_DRAIN_MS });
  const starting = signalsWhileStarting();
  logger.debug('starting', { settings: redactConfig(standaloneConfig, config) });
  try {
    const running = await startStandalone({
      config,
      services: SERVICES,
      logger,
      shutdown,
      interrupted: starting.signal,
    });
    if (starting.signal.aborted) return await shutdown.exit();
    // No signal can come between these two: both are done before the event loop turns.
    starting.release();
    shutdown.onSignals(['SIGTERM', 'SIGINT']);
    // Among JSON lines the banner would be no JSON.
    if (format === 'pretty') process.stdout.write(`${banner(running, config.TIDEMARK_DATA)}\n`);
    else logger.info('everything is up', { urls: running.services.map(({ url }) => url).join(' ') });
  } catch (error) {
    // A failure recorded here makes the exit code 1; being told to stop is none.
    if (!(error instanceof TidemarkError) || error.code !== 'SHUTTING_DOWN') shutdown.recordFailure('start', error);
    await shutdown.exit();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
