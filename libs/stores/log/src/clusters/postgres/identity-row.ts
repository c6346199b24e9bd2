import type { ClusterIdentity, PublishMode } from '../cluster-state.ts';

/** The columns of log.cluster that tell who it is. */
export interface IdentityRow {
  readonly kafka_cluster_id: string | null;
  readonly producer_id: string | null;
  readonly producer_epoch: number | null;
  readonly mode: PublishMode | null;
  readonly mode_reason: string | null;
}

export function identityOf(row: IdentityRow): ClusterIdentity {
  const { producer_id: id, producer_epoch: epoch } = row;
  return {
    kafkaClusterId: row.kafka_cluster_id,
    producer: id === null || epoch === null ? null : { id: BigInt(id), epoch },
    mode: row.mode,
    modeReason: row.mode_reason,
  };
}
