import type { Logger } from '#libs/foundation/observability';
import type { StandaloneConfig } from './config.ts';

/** A service as it runs by itself; here it shares the process, the settings and the database with others. */
export interface Service {
  /** One word; on each of its log lines. */
  readonly name: string;
  /** What one finds at its URL, in a few words. */
  readonly offers: string;
  /** On a migrated database. When it throws, nothing of the service keeps running. */
  start(config: StandaloneConfig, databaseUrl: string, logger: Logger): Promise<RunningService>;
}

export interface RunningService {
  readonly url: string;
  stop(deadlineMs: number): Promise<void>;
}
