import type { ClusterTopic } from '#libs/stores/log';
import type { Lane } from '../lane/lane.ts';
import type { TopicWarningCode } from './assess-topic.ts';
import type { TopicRoute } from './route.ts';
import { topicLimits, type TopicLimits } from './topic-limits.ts';

/** A topic that goes to the cluster: what Postgres knows of it there, and what the cluster said. */
export interface PublishedTopic {
  readonly topicId: number;
  readonly name: string;
  readonly route: TopicRoute;
  /** Largest message that the log topic takes. */
  readonly messageMaxBytes: number;
  stored: ClusterTopic;
  /** Kafka's id as last seen; differs from the stored one while a recreated topic is taken in. */
  seenId: string | null;
  limits: TopicLimits;
  /** What was told of its configs already. */
  readonly warned: Set<TopicWarningCode>;
  readonly lanes: Lane[];
}

/** Until the cluster told what it takes. */
export const DEFAULT_LIMITS: TopicLimits = topicLimits(new Map());
