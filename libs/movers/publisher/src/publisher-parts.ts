import type { Clock } from '#libs/foundation/kernel';
import type { KafkaClient } from '#libs/foundation/kafka';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ClusterStore } from '#libs/stores/log';
import type { KafkaRecordPlan } from '#libs/stores/topic';
import type { LogTopic, PublishSource } from './ports.ts';
import type { PublisherObserver } from './publisher-observer.ts';
import type { TopicNotRouted, TopicRoute } from './topics/route.ts';

/** What a publisher works with. Decisions of others come as pure functions. */
export interface PublisherParts {
  readonly client: KafkaClient;
  readonly store: ClusterStore;
  readonly source: PublishSource;
  readonly observer: PublisherObserver;
  /** Where all topics go, by topic id; see routesOf. */
  readonly routes: (topics: readonly LogTopic[]) => ReadonlyMap<number, TopicRoute | TopicNotRouted>;
  /** How records of a topic are written; always the same. */
  readonly planFor: (topic: string, clusterTopic: string) => KafkaRecordPlan;
  /** Of the brokers' records; wall time. */
  readonly clock?: Clock;
  /** Of leases and waits; never goes back. In ms. */
  readonly monotonic?: () => number;
  readonly sleep?: Sleep;
  readonly random?: () => number;
}
