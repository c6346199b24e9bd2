import { seededRandom } from '#libs/foundation/testing';
import type { ClusterStore } from '#libs/stores/log';
import { kafkaRecordPlan } from '#libs/stores/topic';
import {
  Publisher,
  PUBLISHER_DEFAULTS,
  type PublisherObserver,
  type PublisherOptions,
  routesOf,
  type TopicRules,
} from '../../src/index.ts';
import { fakeClient } from './fake-client.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeLog } from './fake-log.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeProcess } from './fake-process.ts';
import { FakeStore } from './fake-store.ts';
import { VirtualTime } from './virtual-time.ts';

/** Every topic under its own name. */
export const EVERYWHERE: TopicRules = {
  include: [{ text: '*', alternatives: ['*'] }],
  exclude: [],
  naming: { prefix: '', template: '${topic}', source: '' },
  replicationFactor: 3,
  configs: [],
};

export interface RunningPublisher {
  readonly process: FakeProcess;
  readonly publisher: Publisher;
  readonly network: FakeNetwork;
}

/** A log, a cluster and publishers in between, in virtual time. One seed, one run. */
export class Simulation {
  readonly time = new VirtualTime();
  readonly random: () => number;
  readonly cluster: FakeCluster;
  readonly log: FakeLog;
  readonly store: FakeStore;
  /** What observers were told, newest last. */
  readonly events: string[] = [];
  readonly publishers: RunningPublisher[] = [];
  options: Partial<PublisherOptions> = {};
  rules: TopicRules = EVERYWHERE;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.cluster = new FakeCluster(this.time);
    this.log = new FakeLog(this.time);
    this.store = new FakeStore(this.time);
  }

  /** `store` stands in for the simulation's own. */
  startPublisher(given: Partial<PublisherOptions> = {}, store: ClusterStore = this.store): RunningPublisher {
    const options: PublisherOptions = {
      ...PUBLISHER_DEFAULTS,
      holder: `publisher-${this.publishers.length + 1}`,
      info: { host: 'test', pid: 1 },
      batchRecords: 7,
      requestTimeoutMs: 2_000,
      ...this.options,
      ...given,
    };
    const process = new FakeProcess();
    const network = new FakeNetwork(this.time, this.random, options.requestTimeoutMs);
    const publisher = new Publisher(
      'fake',
      {
        client: process.wrap(fakeClient(this.cluster, network)),
        store: process.wrap(store),
        source: process.wrap(this.log),
        observer: this.#observer(options.holder),
        routes: (topics) => routesOf(this.rules, topics),
        planFor: (topic, clusterTopic) => kafkaRecordPlan(topic, clusterTopic, { schemaId: 'never', debezium: false }),
        clock: this.time.clock,
        monotonic: this.time.now,
        sleep: process.sleep(this.time.sleep),
        random: this.random,
      },
      options,
    );
    const running = { process, publisher, network };
    this.publishers.push(running);
    void publisher.start();
    return running;
  }

  /** Lets time pass until all that the log has is on the cluster; throws what happened when that takes too long. */
  async catchUp(topicId: number, partitions: number, withinMs = 120_000): Promise<void> {
    if (await this.time.run(withinMs, () => this.caughtUp(topicId, partitions))) return;
    throw new Error(`not caught up within ${withinMs} ms:\n${this.events.join('\n')}`);
  }

  /** Whether all that the log has is acked on the cluster, by what Postgres was told. */
  caughtUp(topicId: number, partitions: number): boolean {
    for (let index = 0; index < partitions; index += 1) {
      const end = this.log.partition(topicId, index).records.length;
      if (end > 0 && (this.store.row(topicId, index)?.ackedOffset ?? 0n) !== BigInt(end)) return false;
    }
    return true;
  }

  #observer(holder: string): PublisherObserver {
    const { events, time } = this;
    return new Proxy({} as PublisherObserver, {
      get:
        (_, name) =>
        (...args: unknown[]) => {
          if (name === 'inFlight' || name === 'acked') return;
          const told = args.map((arg) => (arg instanceof Error ? (arg.stack ?? arg.message) : printed(arg)));
          events.push(`${time.now().toFixed(0)} ${holder} ${String(name)} ${told.join(' ')}`);
        },
    });
  }
}

function printed(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'clusterTopic' in value && 'partition' in value)
    return `${String(value.clusterTopic)}/${String(value.partition)}`;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'undefined';
}
