import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease, PartitionProgress } from '../cluster-state.ts';
import { storableText } from './storable-text.ts';

/**
 * Writes how far partitions have come, each given once, and prolongs the lease; false when the term is over. Partitions
 * that are as they were cost no write. Indexes: primary keys of log.cluster and log.cluster_partition. Locks those rows; when a
 * partition moves back also log.retention_hold ROW EXCLUSIVE, which waits while a drop is decided. It is one message, so that
 * it ends whatever becomes of the caller.
 */
export async function saveProgress(
  db: Queryable,
  lease: ClusterLease,
  leaseMs: number,
  progress: readonly PartitionProgress[],
): Promise<boolean> {
  const result = await db.query<{ saved: boolean }>(
    inOneMessage('select log.save_cluster_progress($1, $2, $3, $4, $5, $6, $7, $8) as saved', [
      lease.clusterId,
      lease.term,
      leaseMs,
      progress.map(({ topicId }) => topicId),
      progress.map(({ partition }) => partition),
      progress.map(({ ackedOffset }) => ackedOffset),
      progress.map(({ ackedPosition }) => ackedPosition),
      progress.map(({ trouble }) => (trouble === null ? '' : storableText(trouble))),
    ]),
  );
  return result.rows[0]?.saved === true;
}
