import type { Logger } from '#libs/foundation/observability';

/** A service, as it runs by itself or shares the process, the settings and the database with others. */
export interface Service<Config> {
  /** One word; on each of its log lines. */
  readonly name: string;
  /** What one finds at its URL, in a few words. */
  readonly offers: string;
  /** On a migrated database. When it throws, nothing of the service keeps running. */
  start(config: Config, databaseUrl: string, logger: Logger): Promise<RunningService>;
}

export interface RunningService {
  readonly url: string;
  stop(deadlineMs: number): Promise<void>;
}
