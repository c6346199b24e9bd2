import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterPlaceholder } from '../cluster-state.ts';

/** The records of a topic that a cluster refused, in order. Index: primary key of log.cluster_placeholder. Locks: none. */
export async function readClusterPlaceholders(
  db: Queryable,
  clusterId: number,
  topicId: number,
): Promise<ClusterPlaceholder[]> {
  const result = await db.query<{
    partition: number;
    offset: string;
    reason: ClusterPlaceholder['reason'];
    detail: string;
  }>(
    `select p.partition, p."offset", p.reason, p.detail from log.cluster_placeholder p
     where p.cluster_id = $1 and p.topic_id = $2 order by p.partition, p."offset"`,
    [clusterId, topicId],
  );
  return result.rows.map((row) => ({ ...row, topicId, offset: BigInt(row.offset) }));
}
