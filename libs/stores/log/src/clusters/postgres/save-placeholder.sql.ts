import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease, ClusterPlaceholder } from '../cluster-state.ts';
import { storableText } from './storable-text.ts';

/**
 * Notes that a placeholder stands for a record on this cluster; what was noted first for its offset stays. False when the
 * term is over. Indexes: primary keys of log.cluster and log.cluster_placeholder. Locks those rows.
 */
export async function savePlaceholder(
  db: Queryable,
  lease: ClusterLease,
  placeholder: ClusterPlaceholder,
): Promise<boolean> {
  const result = await db.query<{ saved: boolean }>(
    inOneMessage('select log.save_cluster_placeholder($1, $2, $3, $4, $5, $6, $7) as saved', [
      lease.clusterId,
      lease.term,
      placeholder.topicId,
      placeholder.partition,
      placeholder.offset,
      placeholder.reason,
      storableText(placeholder.detail),
    ]),
  );
  return result.rows[0]?.saved === true;
}
