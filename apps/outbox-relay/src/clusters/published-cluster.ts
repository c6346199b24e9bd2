import { createKafkaClient, type KafkaClient, type KafkaRecord } from '#libs/foundation/kafka';
import type { Logger, Metrics } from '#libs/foundation/observability';
import type { Loop } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import {
  type ClusterConfig,
  Publisher,
  PUBLISHER_DEFAULTS,
  type PublishSource,
  routeOf,
  routesOf,
  type TopicRules,
} from '#libs/movers/publisher';
import { type CanaryResult, PostgresClusterStore, saveCanary } from '#libs/stores/log';
import { kafkaRecordOf, type KafkaRecordPlan, kafkaRecordPlan, type TopicRecord } from '#libs/stores/topic';
import { CANARY_TOPIC, canaryLoop } from './canary.ts';
import { clusterTelemetry } from './cluster-telemetry.ts';
import { topicRulesOf } from './cluster-route.ts';

export interface PublishedClusterParts {
  readonly config: ClusterConfig;
  readonly db: Queryable;
  readonly source: PublishSource;
  /** Unique among all instances. */
  readonly holder: string;
  readonly info: { readonly host: string; readonly pid: number };
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One configured cluster: its client, its publisher, and its canary where one is asked for. */
export class PublishedCluster {
  readonly config: ClusterConfig;
  readonly client: KafkaClient;
  readonly publisher: Publisher;
  readonly rules: TopicRules;
  readonly #canary: Loop | undefined;
  readonly #plans = new Map<string, KafkaRecordPlan>();

  constructor(parts: PublishedClusterParts) {
    const { config, db, metrics } = parts;
    const logger = parts.logger.child({ cluster: config.name });
    this.config = config;
    this.rules = topicRulesOf(config);
    this.client = createKafkaClient(config.connection);
    const store = new PostgresClusterStore(db);
    this.publisher = new Publisher(
      config.name,
      {
        client: this.client,
        store,
        source: parts.source,
        observer: clusterTelemetry(config.name, logger, metrics),
        routes: (topics) => routesOf(this.rules, topics),
        planFor: (topic, clusterTopic) => this.#planFor(topic, clusterTopic),
      },
      {
        ...PUBLISHER_DEFAULTS,
        mode: config.mode,
        existingRecords: config.existingTopics,
        createTopics: config.createTopics,
        required: config.required,
        compression: config.compression,
        lingerMs: config.lingerMs,
        batchBytes: config.batchMaxBytes,
        requestTimeoutMs: config.connection.requestTimeoutMs,
        holder: parts.holder,
        info: parts.info,
      },
    );
    if (config.canary !== undefined) this.#canary = this.#canaryLoop(config.canary.intervalMs, parts, logger);
  }

  /** What stands for a record on this cluster. */
  recordFor(record: TopicRecord, clusterTopic: string): KafkaRecord {
    return kafkaRecordOf(record, this.#planFor(record.topic, clusterTopic));
  }

  #planFor(topic: string, clusterTopic: string): KafkaRecordPlan {
    let plan = this.#plans.get(topic);
    if (plan === undefined) {
      plan = kafkaRecordPlan(topic, clusterTopic, this.config.headers);
      this.#plans.set(topic, plan);
    }
    return plan;
  }

  async start(): Promise<void> {
    await this.publisher.start();
    await this.#canary?.start();
  }

  /** Waits for answers that are under way and gives the lease back; then closes the connections. */
  async stop(deadlineMs: number): Promise<void> {
    try {
      await Promise.all([this.publisher.stop(deadlineMs), this.#canary?.stop({ deadlineMs })]);
    } finally {
      await this.client.close();
    }
  }

  #canaryLoop(intervalMs: number, { db, metrics, config }: PublishedClusterParts, logger: Logger): Loop {
    const cluster = config.name;
    const seconds = metrics.histogram({
      name: 'cluster_canary_seconds',
      help: 'From the commit of a canary until it could be read on the cluster.',
      labels: ['cluster'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
    const failures = metrics.counter({
      name: 'cluster_canary_failures_total',
      help: 'Canaries that could not be read within 30 s.',
      labels: ['cluster'],
    });
    failures.inc({ cluster }, 0);
    const tell = async (result: CanaryResult): Promise<void> => {
      if (result.readableMs === null) {
        failures.inc({ cluster });
        logger.warn('the canary could not be read on the cluster', { reason: result.failure });
      } else seconds.observe({ cluster }, result.readableMs / 1_000);
      await saveCanary(db, cluster, result);
    };
    return canaryLoop({
      cluster,
      intervalMs,
      db,
      client: this.client,
      clusterTopic: canaryTopicOn(this.rules),
      publishing: () => this.publisher.leading,
      told: tell,
      failed: (error) => logger.warn('no canary could be sent', { error }),
    });
  }
}

function canaryTopicOn(rules: TopicRules): string {
  const route = routeOf(rules, { topicId: 0, name: CANARY_TOPIC, partitions: 1, messageMaxBytes: 0 });
  return route.state === 'routed' ? route.name : CANARY_TOPIC;
}
