import { hostname } from 'node:os';
import type { Logger, Metrics } from '#libs/foundation/observability';
import { Database } from '#libs/foundation/postgres';
import { type ClusterConfig, postgresPublishSource } from '#libs/movers/publisher';
import type { LogWatcher } from '#libs/stores/topic';
import { PublishedCluster } from './published-cluster.ts';

/** Of one cluster: its reads of the log, its progress, and one to spare for leases and canaries. */
const CONNECTIONS_PER_CLUSTER = 3;
/** Every statement of a publisher is short; a lost connection must not cost it much more than its lease. */
const STATEMENT_MS = 10_000;

export interface ClustersParts {
  readonly configs: readonly ClusterConfig[];
  readonly databaseUrl: string;
  readonly watcher: LogWatcher;
  readonly holder: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * All configured clusters. Each has a publisher of its own with connections of its own, so that trouble of one never
 * delays another, nor readers of the API.
 */
export class Clusters {
  readonly all: readonly PublishedCluster[];
  readonly databases: readonly Database[];

  constructor({ configs, databaseUrl, watcher, holder, logger, metrics }: ClustersParts) {
    const opened: Database[] = [];
    this.all = configs.map((config) => {
      const db = new Database({
        url: databaseUrl,
        poolMax: CONNECTIONS_PER_CLUSTER,
        applicationName: `tidemark publisher ${config.name}`,
        statementTimeoutMs: STATEMENT_MS,
        onIdleError: (error) => logger.warn('lost an idle connection', { error }),
      });
      opened.push(db);
      const source = postgresPublishSource(db, watcher);
      const info = { host: hostname(), pid: process.pid };
      return new PublishedCluster({ config, db, source, holder, info, logger, metrics });
    });
    this.databases = opened;
  }

  find(name: string): PublishedCluster | undefined {
    return this.all.find(({ config }) => config.name === name);
  }

  async start(): Promise<void> {
    for (const cluster of this.all) await cluster.start();
  }

  /** Stops all at the same time. The databases stay open: whoever made the relay closes them. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all(this.all.map((cluster) => cluster.stop(deadlineMs)));
  }
}
