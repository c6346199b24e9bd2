import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease, ClusterTopic } from '../cluster-state.ts';
import { storableText } from './storable-text.ts';

/**
 * Writes the given topics; others stay as they are. False when the term is over. Indexes: primary keys of log.cluster and
 * log.cluster_topic. Locks those rows, and log.retention_hold ROW EXCLUSIVE, which waits while a drop is decided.
 */
export async function saveClusterTopics(
  db: Queryable,
  lease: ClusterLease,
  topics: readonly ClusterTopic[],
): Promise<boolean> {
  const rows = topics.map((topic) => ({
    topic_id: topic.topicId,
    name: topic.name,
    kafka_topic_id: topic.kafkaTopicId,
    state: topic.state,
    detail: storableText(topic.detail),
  }));
  const result = await db.query<{ saved: boolean }>(
    inOneMessage('select log.save_cluster_topics($1, $2, $3) as saved', [
      lease.clusterId,
      lease.term,
      JSON.stringify(rows),
    ]),
  );
  return result.rows[0]?.saved === true;
}
