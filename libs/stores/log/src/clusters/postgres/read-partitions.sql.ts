import type { Queryable } from '#libs/foundation/postgres';
import type { ClusterPartition } from '../cluster-state.ts';
import type { Segment, SegmentReason } from '../segment.ts';
import { segmentOf } from './segment-row.ts';

interface Row {
  topic_id: number;
  partition: number;
  acked_offset: string;
  acked_position: string;
  opened_term: string | null;
  trouble: string | null;
  from_offset: string | null;
  delta: string;
  sequence_delta: string;
  reason: SegmentReason;
}

/**
 * Partitions of a cluster with their segments, in order. Indexes: primary keys of log.cluster_partition and
 * log.cluster_segment, both in the order of the answer. Locks: none.
 */
export async function readClusterPartitions(db: Queryable, clusterId: number): Promise<ClusterPartition[]> {
  const result = await db.query<Row>(
    `select p.topic_id, p.partition, p.acked_offset, p.acked_position, p.opened_term, p.trouble,
            s.from_offset, s.delta, s.sequence_delta, s.reason
     from log.cluster_partition p
     left join log.cluster_segment s on s.cluster_id = p.cluster_id and s.topic_id = p.topic_id and s.partition = p.partition
     where p.cluster_id = $1
     order by p.topic_id, p.partition, s.from_offset`,
    [clusterId],
  );
  const partitions: (ClusterPartition & { readonly segments: Segment[] })[] = [];
  for (const row of result.rows) {
    let last = partitions.at(-1);
    if (last === undefined || last.topicId !== row.topic_id || last.partition !== row.partition) {
      last = partitionOf(row);
      partitions.push(last);
    }
    if (row.from_offset !== null) last.segments.push(segmentOf({ ...row, from_offset: row.from_offset }));
  }
  return partitions;
}

function partitionOf(row: Row): ClusterPartition & { readonly segments: Segment[] } {
  return {
    topicId: row.topic_id,
    partition: row.partition,
    ackedOffset: BigInt(row.acked_offset),
    ackedPosition: BigInt(row.acked_position),
    openedTerm: row.opened_term === null ? null : BigInt(row.opened_term),
    trouble: row.trouble,
    segments: [],
  };
}
