import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterTopic, ClusterTopicState } from '../cluster-state.ts';

/** Topics of a cluster whose routing is decided, in order of id. Index: primary key of log.cluster_topic. Locks: none. */
export async function readClusterTopics(db: Queryable, clusterId: number): Promise<ClusterTopic[]> {
  const result = await db.query<{
    topic_id: number;
    name: string;
    kafka_topic_id: string | null;
    state: ClusterTopicState;
    detail: string;
  }>(
    `select t.topic_id, t.name, t.kafka_topic_id, t.state, t.detail
     from log.cluster_topic t where t.cluster_id = $1 order by t.topic_id`,
    [clusterId],
  );
  return result.rows.map((row) => ({
    topicId: row.topic_id,
    name: row.name,
    kafkaTopicId: row.kafka_topic_id,
    state: row.state,
    detail: row.detail,
  }));
}
