import type { Queryable } from '#libs/foundation/postgres';
import type { RoutedTopic } from '../cluster-status.ts';
import { routedTopicOf, type RoutedTopicRow } from './routed-topic-row.ts';

/**
 * A topic of a cluster by its own name; undefined while its routing is not decided.
 * Indexes: topic(name), primary key of log.cluster_topic. Locks: none.
 */
export async function findRoutedTopic(
  db: Queryable,
  clusterId: number,
  topic: string,
): Promise<RoutedTopic | undefined> {
  const result = await db.query<RoutedTopicRow>(
    `select c.topic_id, t.name as topic, c.name, c.kafka_topic_id, c.state, c.detail
     from outbox.topic t join log.cluster_topic c on c.cluster_id = $1 and c.topic_id = t.id
     where t.name = $2`,
    [clusterId, topic],
  );
  return result.rows[0] && routedTopicOf(result.rows[0]);
}
