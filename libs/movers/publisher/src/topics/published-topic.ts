import type { Lane } from '../lane/lane.ts';
import type { TopicWarningCode } from './assess-topic.ts';
import type { TopicRoute } from './route.ts';
import { topicLimits, type TopicLimits } from './topic-limits.ts';

/** A topic that goes to the cluster, and what the cluster said of it. */
export interface PublishedTopic {
  readonly topicId: number;
  readonly name: string;
  readonly route: TopicRoute;
  /** Largest message that the log topic takes. */
  readonly messageMaxBytes: number;
  /** Kafka's id as last seen; differs from the noted one while a recreated topic is taken in. */
  seenId: string | null;
  limits: TopicLimits;
  /** What was told of its configs already. */
  readonly warned: Set<TopicWarningCode>;
  readonly lanes: Lane[];
}

/** Until the cluster told what it takes. */
export const DEFAULT_LIMITS: TopicLimits = topicLimits(new Map());
