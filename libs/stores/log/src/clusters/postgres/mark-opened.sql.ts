import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease } from '../cluster-state.ts';

/**
 * Notes that batches will be sent to partitions; a partition that was opened before keeps its first term. False when the
 * term is over. Indexes: primary keys of log.cluster and log.cluster_partition. Locks those rows.
 */
export async function markOpened(
  db: Queryable,
  lease: ClusterLease,
  partitions: readonly { readonly topicId: number; readonly partition: number }[],
): Promise<boolean> {
  const result = await db.query<{ marked: boolean }>(
    inOneMessage('select log.mark_cluster_opened($1, $2, $3, $4) as marked', [
      lease.clusterId,
      lease.term,
      partitions.map(({ topicId }) => topicId),
      partitions.map(({ partition }) => partition),
    ]),
  );
  return result.rows[0]?.marked === true;
}
