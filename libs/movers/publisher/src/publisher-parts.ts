import type { Clock } from '#libs/foundation/kernel';
import type { Compression, KafkaClient, KafkaRecord, ProducerPlace } from '#libs/foundation/kafka';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ClusterStore } from '#libs/stores/log';
import type { TopicRecord } from '#libs/stores/topic';
import type { LogTopic, PublishSource } from './ports.ts';
import type { PublisherObserver } from './publisher-observer.ts';
import type { TopicNotRouted, TopicRoute } from './topics/route.ts';

export type EncodeBatch = (
  records: readonly KafkaRecord[],
  options: { readonly place?: ProducerPlace; readonly compression: Compression },
) => Buffer;

/** What a publisher works with. Decisions of others come as pure functions. */
export interface PublisherParts {
  readonly client: KafkaClient;
  readonly store: ClusterStore;
  readonly source: PublishSource;
  readonly observer: PublisherObserver;
  readonly encodeBatch: EncodeBatch;
  /** Where all topics go, by topic id; see routesOf. */
  readonly routes: (topics: readonly LogTopic[]) => ReadonlyMap<number, TopicRoute | TopicNotRouted>;
  /** Deterministic; must carry the message id in the header `tidemark-message-id`. */
  readonly recordFor: (record: TopicRecord, clusterTopic: string) => KafkaRecord;
  /** Of the brokers' records; wall time. */
  readonly clock?: Clock;
  /** Of leases and waits; never goes back. In ms. */
  readonly monotonic?: () => number;
  readonly sleep?: Sleep;
  readonly random?: () => number;
}
