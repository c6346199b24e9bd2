import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { PayloadReader } from '#libs/codec';
import type { HealthChecks, Logger, Metrics } from '#libs/foundation/observability';
import { cancelAfter, Database } from '#libs/foundation/postgres';
import {
  logSink,
  MAINTENANCE_DEFAULTS,
  outboxSource,
  PartitionMaintenance,
  retentionStore,
  Sequencer,
  SEQUENCER_DEFAULTS,
} from '#libs/movers/sequencer';
import { InboxMaintenance, inboxRetention } from '#libs/stores/inbox';
import { LogWatcher, PostgresGroupAdmin, PostgresTopicReader, readCursor } from '#libs/stores/topic';
import type { Loop } from '#libs/foundation/lifecycle';
import { Clusters } from './clusters/clusters.ts';
import { clusterLagLoop } from './clusters/cluster-lag-loop.ts';
import type { RelayConfig } from './config.ts';
import { inboxBacklogLoop } from './inbox-backlog-loop.ts';
import { lagLoop } from './lag-loop.ts';
import { maintenanceLoop } from './maintenance-loop.ts';
import { sequencerTelemetry } from './sequencer-telemetry.ts';
import { schemaSource } from './schema-source.ts';

/** Token of the relay in Nest's modules. */
export const RELAY = Symbol('RELAY');

export interface RelayParts {
  readonly config: RelayConfig;
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: HealthChecks;
}

/** Connections of the sequencer: one for its steps, one to spare while a broken one is replaced. */
const SEQUENCER_CONNECTIONS = 2;
/** Every statement of a step is short; a lost connection must not cost an instance that is alone much more than its lease. */
const SEQUENCER_STATEMENT_MS = 10_000;

const MAINTENANCE_CONNECTIONS = 2;
/** Bounds how long the drop of a partition waits for open transactions before it gives way until the next round. */
const MAINTENANCE_STATEMENT_MS = 10_000;

/**
 * Everything that the relay runs and serves from, apart from HTTP. The sequencer has connections of its own, so that
 * readers of the API cannot make it wait.
 */
export class Relay {
  readonly db: Database;
  readonly reader: PostgresTopicReader;
  readonly watcher: LogWatcher;
  readonly groups: PostgresGroupAdmin;
  /** What payloads say, by the schemas of the configured registry or of this database. */
  readonly payloads: PayloadReader;
  readonly sequencer: Sequencer;
  /** The Kafka clusters that topics are published to; often none. */
  readonly clusters: Clusters;
  readonly #sequencerDb: Database;
  readonly #maintenanceDb: Database;
  readonly #loops: readonly Loop[];

  constructor({ config, databaseUrl, logger, metrics, health }: RelayParts) {
    const holder = randomUUID();
    const onIdleError = (error: Error): void => logger.warn('lost an idle connection', { error });
    this.db = new Database({
      url: databaseUrl,
      poolMax: config.TIDEMARK_POOL_MAX,
      applicationName: 'tidemark relay',
      onIdleError,
    });
    this.#sequencerDb = new Database({
      url: databaseUrl,
      poolMax: SEQUENCER_CONNECTIONS,
      applicationName: 'tidemark sequencer',
      statementTimeoutMs: SEQUENCER_STATEMENT_MS,
      onIdleError,
    });
    this.#maintenanceDb = new Database({
      url: databaseUrl,
      poolMax: MAINTENANCE_CONNECTIONS,
      applicationName: 'tidemark maintenance',
      statementTimeoutMs: MAINTENANCE_STATEMENT_MS,
      onIdleError,
    });
    this.reader = new PostgresTopicReader(this.db);
    this.groups = new PostgresGroupAdmin(this.db);
    this.payloads = new PayloadReader(schemaSource(config, this.db));
    this.watcher = new LogWatcher(
      () => readCursor(this.db),
      (error) => logger.warn('reading the cursor failed', { error }),
    );
    const telemetry = sequencerTelemetry(logger.child({ part: 'sequencer' }), metrics);
    this.sequencer = new Sequencer(
      outboxSource(this.#sequencerDb),
      logSink(this.#sequencerDb),
      {
        ...telemetry,
        committed: (step) => {
          telemetry.committed(step);
          this.watcher.moved(step.cursor);
        },
      },
      {
        ...SEQUENCER_DEFAULTS,
        holder,
        info: { host: hostname(), pid: process.pid },
        leaseMs: config.TIDEMARK_SEQUENCER_LEASE_MS,
        messagesMax: config.TIDEMARK_SEQUENCER_STEP_MESSAGES,
        pollMaxMs: config.TIDEMARK_SEQUENCER_POLL_MAX_MS,
        recordBytesMax: config.TIDEMARK_RECORD_MAX_BYTES,
      },
    );
    this.clusters = new Clusters({
      configs: config.clusters,
      databaseUrl,
      watcher: this.watcher,
      holder,
      logger: logger.child({ part: 'publisher' }),
      metrics,
    });
    this.#loops = [
      maintenanceLoop({
        maintenance: new PartitionMaintenance(retentionStore(this.#maintenanceDb), {
          ...MAINTENANCE_DEFAULTS,
          holder,
        }),
        inbox: new InboxMaintenance(inboxRetention(this.#maintenanceDb), {
          holder,
          leaseMs: MAINTENANCE_DEFAULTS.leaseMs,
        }),
        db: this.#maintenanceDb,
        intervalMs: config.TIDEMARK_MAINTENANCE_MS,
        logger: logger.child({ part: 'maintenance' }),
        metrics,
      }),
      lagLoop(this.#maintenanceDb, logger.child({ part: 'lag' }), metrics),
      inboxBacklogLoop(this.#maintenanceDb, logger.child({ part: 'inbox backlog' }), metrics),
      clusterLagLoop(this.#maintenanceDb, logger.child({ part: 'cluster lag' }), metrics),
    ];
    health.addReadiness({
      name: 'postgres',
      check: async () => {
        await readCursor(this.db);
        return { ok: true, detail: 'answers' };
      },
    });
    health.addLiveness({
      name: 'sequencer',
      check: () => {
        const { state } = this.sequencer.status();
        return Promise.resolve({ ok: state !== 'failed', detail: state });
      },
    });
  }

  async start(): Promise<void> {
    await this.watcher.start();
    await this.sequencer.start();
    await this.clusters.start();
    for (const loop of this.#loops) await loop.start();
  }

  /** Lets work end; after `graceMs` the statements that run here are cancelled until it has. */
  cancelAfter<T>(graceMs: number, work: Promise<T>): Promise<T> {
    return cancelAfter(this.#databases(), graceMs, work);
  }

  /** Drains the movers and gives the lease back; then closes the connections. */
  async stop(deadlineMs: number): Promise<void> {
    try {
      await this.cancelAfter(
        deadlineMs,
        Promise.all([
          this.sequencer.stop(deadlineMs),
          this.clusters.stop(deadlineMs),
          this.watcher.stop(deadlineMs),
          ...this.#loops.map((loop) => loop.stop({ deadlineMs })),
        ]),
      );
    } finally {
      // What goes on after all of that has nobody who waits for it.
      await Promise.all(this.#databases().map((database) => database.close(0)));
    }
  }

  #databases(): readonly Database[] {
    return [this.db, this.#sequencerDb, this.#maintenanceDb, ...this.clusters.databases];
  }
}
