import type { ClientCertificates } from './broker/certificates.ts';
import type { Door } from './broker/doors.ts';
import type { KafkaBroker } from './broker/kafka-broker.ts';
import type { Reaper } from './broker/reaper.ts';
import type { BrokerSite } from './broker/server-properties.ts';
import type { KafkaDistribution } from './distribution/distribution.ts';
import type { KafkaProxy } from './proxy/kafka-proxy.ts';

export interface ClusterParts {
  readonly kafka: KafkaDistribution;
  readonly folder: string;
  readonly sites: readonly BrokerSite[];
  readonly brokers: readonly KafkaBroker[];
  readonly proxy: KafkaProxy | undefined;
  readonly certificates: ClientCertificates | undefined;
  readonly reaper: Reaper;
}

/** A Kafka that belongs to one test. Several at a time do not know of each other. */
export class KafkaCluster {
  /** In the order of their node ids, which count from 1. */
  readonly brokers: readonly KafkaBroker[];
  readonly version: string;
  readonly #parts: ClusterParts;

  constructor(parts: ClusterParts) {
    this.brokers = parts.brokers;
    this.version = parts.kafka.version;
    this.#parts = parts;
  }

  /** `host:port,…` of the door that needs no sign-in. Stays the same over restarts. */
  get bootstrap(): string {
    return this.bootstrapOf('plain');
  }

  /** `host:port,…` of another door; by way of the proxy for `proxied`. Throws when the cluster was started without it. */
  bootstrapOf(door: Door): string {
    const ports = this.#parts.sites.map((site) => {
      const found = site.doors.find((each) => each.door === door);
      if (found === undefined) throw new Error(`this Kafka was started without the door '${door}'`);
      return found.advertisedPort ?? found.port;
    });
    return ports.map((port) => `127.0.0.1:${port}`).join(',');
  }

  /** The broker with this node id. */
  broker(id: number): KafkaBroker {
    const found = this.brokers.find((broker) => broker.id === id);
    if (found === undefined) throw new Error(`there is no broker ${id}`);
    return found;
  }

  /** Between the brokers and whoever comes by the door `proxied`. */
  get proxy(): KafkaProxy {
    if (this.#parts.proxy === undefined) throw new Error(`this Kafka was started without the door 'proxied'`);
    return this.#parts.proxy;
  }

  /** For the doors `tls`, `sasl-tls` (the authority alone) and `mtls`. */
  get certificates(): ClientCertificates {
    if (this.#parts.certificates === undefined) throw new Error('this Kafka was started without a door with TLS');
    return this.#parts.certificates;
  }

  /** For `kafkaTool`. */
  get distribution(): KafkaDistribution {
    return this.#parts.kafka;
  }

  /**
   * Ends it and removes its files. The brokers are killed: whatever they would still write goes with them, and a clean
   * shutdown of all brokers at once waits for one another.
   */
  async stop(): Promise<void> {
    try {
      await this.#parts.proxy?.stop();
    } finally {
      // Also when the proxy has a failure to tell: brokers that go on would keep the test process alive.
      await Promise.all(this.brokers.filter((broker) => broker.running).map((broker) => broker.kill()));
      await this.#parts.reaper.finish();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
