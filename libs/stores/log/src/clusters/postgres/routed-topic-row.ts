import type { ClusterTopicState } from '../cluster-state.ts';
import type { RoutedTopic } from '../cluster-status.ts';

export interface RoutedTopicRow {
  topic_id: number;
  topic: string;
  name: string;
  kafka_topic_id: string | null;
  state: ClusterTopicState;
  detail: string;
}

/** A topic as it comes from Postgres. */
export function routedTopicOf(row: RoutedTopicRow): RoutedTopic {
  return {
    topicId: row.topic_id,
    topic: row.topic,
    name: row.name,
    kafkaTopicId: row.kafka_topic_id,
    state: row.state,
    detail: row.detail,
  };
}
