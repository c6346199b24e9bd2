import type { PublishMode, Segment } from '#libs/stores/log';
import type { TopicWarningCode } from './topics/assess-topic.ts';
import type { LocationCause, StopReason } from './lane/evidence.ts';

/** A partition of a topic of the log. */
export interface LaneName {
  readonly topic: string;
  readonly partition: number;
}

/** Told what happens on one cluster, for logs and metrics. Must not throw. */
export interface PublisherObserver {
  ledSince(term: bigint, mode: PublishMode, reason: string): void;
  /** Exact mode turned out to be impossible: from now on, records are sent at least once. */
  fellBack(reason: string): void;
  ledNoMore(term: bigint, reason: 'lease lost' | 'released' | 'error'): void;
  /** A step of a background loop failed; it is tried again. */
  failed(loop: string, error: unknown): void;
  /** Records that are on the cluster now. */
  acked(lane: LaneName, records: number, bytes: number): void;
  /** Requests that wait for an answer of a broker. */
  inFlight(broker: number, requests: number): void;
  throttled(broker: number, ms: number): void;
  /** A batch was not acked. `rule` is Kafka's name of the error, NO_ANSWER without an answer. */
  batchFailed(lane: LaneName, rule: string): void;
  /** The end of a partition on the cluster was found. */
  located(lane: LaneName, cause: LocationCause, offset: bigint): void;
  segmentOpened(lane: LaneName, segment: Segment): void;
  quarantined(lane: LaneName, ms: number): void;
  /** The partition stands still and is tried again, or needs a person. */
  blocked(lane: LaneName, trouble: string): void;
  stopped(lane: LaneName, why: StopReason, detail: string): void;
  authorizationMissing(lane: LaneName): void;
  placeholderMade(lane: LaneName, offset: bigint): void;
  timestampsClamped(lane: LaneName, records: number): void;
  /** The topic on the cluster is another one than before. */
  recreated(topic: string): void;
  topicRefused(topic: string, detail: string): void;
  /** The topic's configs on the cluster do what people would not expect. */
  topicWarning(topic: string, code: TopicWarningCode, text: string): void;
  /** Somebody else gave the topic more partitions than the log has. */
  expanded(topic: string, partitions: number, onCluster: number): void;
}
