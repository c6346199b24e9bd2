import process from 'node:process';
import { type ConfigSchema, type Environment, logFormatOf, redactConfig } from '#libs/foundation/config';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import { Shutdown } from '#libs/foundation/lifecycle';
import { createLogger, type Logger, type LoggerOptions } from '#libs/foundation/observability';
import type { MigrationOptions } from '#libs/foundation/postgres';
import type { Service } from './service.ts';
import { signalsWhileStarting } from './start-signals.ts';
import { type DatabaseChoice, type StartedServices, startServices } from './start-services.ts';

export interface ProgramConfig extends DatabaseChoice {
  readonly TIDEMARK_LOG_LEVEL: NonNullable<LoggerOptions['level']>;
  readonly TIDEMARK_LOG_FORMAT?: Parameters<typeof logFormatOf>[0];
  readonly TIDEMARK_DRAIN_MS: number;
}

export interface Program<Config extends ProgramConfig> {
  readonly schema: ConfigSchema;
  readonly loadConfig: (environment: Environment) => Config;
  readonly services: readonly Service<Config>[];
  readonly migrations: MigrationOptions['migrations'];
  /** Text for a person at a terminal once everything is up; JSON logs get a line instead. */
  readonly banner?: (started: StartedServices, config: Config) => string;
}

/**
 * Runs services as the program of this process: settings from the environment, printed redacted; the embedded Postgres when
 * DATABASE_URL is absent; SIGTERM and Ctrl-C, also during the start, drain everything and exit with 0; a failure is told on
 * stderr and exits with 1, with nothing left running.
 */
export async function runProgram<Config extends ProgramConfig>(program: Program<Config>): Promise<void> {
  try {
    await run(program);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  }
}

async function run<Config extends ProgramConfig>(program: Program<Config>): Promise<void> {
  const config = program.loadConfig(process.env);
  const format = logFormatOf(config.TIDEMARK_LOG_FORMAT, process.stdout.isTTY);
  const logger = createLogger({ level: config.TIDEMARK_LOG_LEVEL, format });
  const shutdown = new Shutdown({ deadlineMs: config.TIDEMARK_DRAIN_MS });
  const starting = signalsWhileStarting();
  logger.info('starting', { settings: redactConfig(program.schema, Object.fromEntries(Object.entries(config))) });
  try {
    const { services, migrations } = program;
    const started = await startServices({
      config,
      services,
      migrations,
      logger,
      shutdown,
      interrupted: starting.signal,
    });
    // No signal can come between these two: both are done before the event loop turns.
    starting.release();
    shutdown.onSignals(['SIGTERM', 'SIGINT']);
    announce(program, started, config, format === 'pretty', logger);
  } catch (error) {
    // A failure recorded here makes the exit code 1; being told to stop is none.
    if (!(error instanceof TidemarkError) || error.code !== 'SHUTTING_DOWN') shutdown.recordFailure('start', error);
    await shutdown.exit();
  }
}

function announce<Config extends ProgramConfig>(
  { banner }: Program<Config>,
  started: StartedServices,
  config: Config,
  pretty: boolean,
  logger: Logger,
): void {
  // Among JSON lines the banner would be no JSON.
  if (pretty && banner !== undefined) process.stdout.write(`${banner(started, config)}\n`);
  else logger.info('everything is up', { urls: started.services.map(({ url }) => url).join(' ') });
}
