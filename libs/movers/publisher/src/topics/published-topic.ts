import type { ClusterTopic } from '#libs/stores/log';
import type { TopicLimits } from '../batch/batch-builder.ts';
import { NO_TIMESTAMP_LIMITS, timestampLimits } from '../batch/clamp-timestamp.ts';
import type { Lane } from '../lane/lane.ts';
import type { TopicRoute } from '../publisher-parts.ts';

/** A topic that goes to the cluster: what Postgres knows of it there, and what the cluster said. */
export interface PublishedTopic {
  readonly topicId: number;
  readonly name: string;
  readonly route: TopicRoute;
  stored: ClusterTopic;
  /** Kafka's id as last seen; differs from the stored one while a recreated topic is taken in. */
  seenId: string | null;
  limits: TopicLimits;
  readonly lanes: Lane[];
}

/** Room for the head of a batch, which counts towards the limit of the topic. */
const BATCH_HEAD = 100;

export const UNKNOWN_LIMITS: TopicLimits = { batchBytes: Infinity, timestamps: NO_TIMESTAMP_LIMITS };

/** What a topic takes, by its effective configs. */
export function topicLimits(configs: ReadonlyMap<string, string>): TopicLimits {
  const bytes = Number(configs.get('max.message.bytes') ?? 'NaN');
  return {
    batchBytes: Number.isFinite(bytes) && bytes > BATCH_HEAD ? bytes - BATCH_HEAD : Infinity,
    timestamps: timestampLimits(configs),
  };
}
