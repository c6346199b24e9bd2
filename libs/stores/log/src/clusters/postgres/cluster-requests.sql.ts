import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterLease } from '../cluster-state.ts';
import type { ClusterRequest } from '../cluster-request.ts';

interface Row {
  readonly topic_id: number;
  readonly partition: number;
  readonly action: 'locate' | 'accept';
  readonly from_offset: string | null;
}

export interface WorkAsked {
  readonly cluster: string;
  /** All topics that are published there, when undefined. */
  readonly topic?: string;
  readonly partition?: number;
  /** Where to go on behind what the cluster holds; undefined: locate the ends again. */
  readonly acceptFrom?: bigint;
}

/**
 * Asks whoever publishes to a cluster to look at partitions again, and answers how many there are. Throws CLUSTER_UNKNOWN.
 * Indexes: cluster(name), primary keys of log.cluster_topic and log.cluster_request. Locks the requests.
 */
export async function requestClusterWork(tx: Queryable, asked: WorkAsked): Promise<number> {
  const result = await tx.query<{ asked: string }>('select log.request_cluster($1, $2, $3, $4, $5) as asked', [
    asked.cluster,
    asked.topic ?? null,
    asked.partition ?? null,
    asked.acceptFrom === undefined ? 'locate' : 'accept',
    asked.acceptFrom ?? null,
  ]);
  return Number(result.rows[0]!.asked);
}

/**
 * The requests that nobody has taken; none when the term is over.
 * Index: primary key of log.cluster_request. Locks the cluster's row and the requests, only when there are any.
 */
export async function takeClusterRequests(db: Queryable, lease: ClusterLease): Promise<readonly ClusterRequest[]> {
  const result = await db.query<Row>('select * from log.take_cluster_requests($1, $2)', [lease.clusterId, lease.term]);
  return result.rows.map(({ topic_id: topicId, partition, action, from_offset: from }) =>
    action === 'accept'
      ? { topicId, partition, action, fromOffset: BigInt(from!) }
      : { topicId, partition, action: 'locate' },
  );
}
