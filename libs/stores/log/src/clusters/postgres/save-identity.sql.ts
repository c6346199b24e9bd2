import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterIdentity, ClusterLease } from '../cluster-state.ts';
import { storableText } from './storable-text.ts';

/**
 * Notes what was learnt of a cluster; false when the term is over. Throws CLUSTER_PRODUCER_CHANGED for another producer id
 * than the one that this Kafka cluster knows. Index: primary key. Locks one row.
 */
export async function saveIdentity(db: Queryable, lease: ClusterLease, identity: ClusterIdentity): Promise<boolean> {
  const { kafkaClusterId, producer, mode, modeReason } = identity;
  const result = await db.query<{ saved: boolean }>(
    inOneMessage('select log.save_cluster_identity($1, $2, $3, $4, $5, $6, $7) as saved', [
      lease.clusterId,
      lease.term,
      kafkaClusterId,
      producer?.id ?? null,
      producer?.epoch ?? null,
      mode,
      modeReason === null ? null : storableText(modeReason),
    ]),
  );
  return result.rows[0]?.saved === true;
}
