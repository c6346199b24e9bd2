import type { Queryable } from '#libs/foundation/postgres';
import type { RoutedTopic } from '../cluster-status.ts';
import { routedTopicOf, type RoutedTopicRow } from './routed-topic-row.ts';

/**
 * Topics of a cluster in order of their own names, those behind `after`, at most `limit`.
 * Indexes: topic(name) in the order of the answer, primary key of log.cluster_topic. Locks: none.
 */
export async function listRoutedTopics(
  db: Queryable,
  clusterId: number,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<RoutedTopic[]> {
  const result = await db.query<RoutedTopicRow>(
    `select c.topic_id, t.name as topic, c.name, c.kafka_topic_id, c.state, c.detail
     from outbox.topic t
     join log.cluster_topic c on c.cluster_id = $1 and c.topic_id = t.id
     where t.name > $2
     order by t.name
     limit $3`,
    [clusterId, after, limit],
  );
  return result.rows.map(routedTopicOf);
}
