import type { ClusterConfig, TopicRules } from '#libs/movers/publisher';
import { CANARY_TOPIC } from './canary.ts';

/** Canaries go where they are asked for and nowhere else, whatever the patterns of topics say. */
export function topicRulesOf({ topics, canary }: ClusterConfig): TopicRules {
  const pattern = { text: CANARY_TOPIC, alternatives: [CANARY_TOPIC] };
  return canary === undefined
    ? { ...topics, exclude: [...topics.exclude, pattern] }
    : { ...topics, include: [...topics.include, pattern] };
}
