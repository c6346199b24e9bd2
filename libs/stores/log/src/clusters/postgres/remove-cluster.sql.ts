import type { Queryable } from '#libs/foundation/postgres';

/** What was known of a cluster before it was forgotten; 64-bit numbers as text. */
export interface RemovedCluster {
  readonly kafkaClusterId: string | null;
  readonly producerId: string | null;
  readonly producerEpoch: number | null;
  readonly required: boolean;
  readonly mode: string | null;
  readonly partitions: number;
  readonly ackedRecords: string;
}

/**
 * Forgets a cluster that is not published to any more, so that it holds back nothing. Writes no audit entry: the caller does,
 * in the same transaction (log.remove_cluster writes one by itself for people who call it from SQL).
 * Throws CLUSTER_UNKNOWN, and CLUSTER_IN_USE while somebody holds its lease. Index: cluster(name). Locks all rows of the
 * cluster until the transaction ends.
 */
export async function removeCluster(tx: Queryable, name: string): Promise<RemovedCluster> {
  const result = await tx.query<{ removed: RemovedCluster }>('select log.remove_cluster($1, null) as removed', [name]);
  return result.rows[0]!.removed;
}
