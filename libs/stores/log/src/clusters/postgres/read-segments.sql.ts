import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { PartitionSegments } from '../cluster-status.ts';
import type { Segment, SegmentReason } from '../segment.ts';
import { segmentOf } from './segment-row.ts';

interface Row {
  cluster_id: number | null;
  topic_id: number | null;
  partition: number | null;
  acked_offset: string;
  trouble: string | null;
  from_offset: string | null;
  delta: string;
  sequence_delta: string;
  reason: SegmentReason;
}

/**
 * Where the records of a topic are on a cluster, both by name: partitions in order, those that were never published to left
 * out. Throws CLUSTER_UNKNOWN, TOPIC_UNKNOWN.
 * Indexes: cluster(name), topic(name), primary keys of log.cluster_partition and log.cluster_segment. Locks: none.
 */
export async function readSegments(db: Queryable, cluster: string, topic: string): Promise<PartitionSegments[]> {
  const result = await db.query<Row>(
    `select c.id as cluster_id, t.id as topic_id, p.partition, p.acked_offset, p.trouble,
            s.from_offset, s.delta, s.sequence_delta, s.reason
     from (select) one
     left join log.cluster c on c.name = $1
     left join outbox.topic t on t.name = $2
     left join log.cluster_partition p on p.cluster_id = c.id and p.topic_id = t.id
     left join log.cluster_segment s on s.cluster_id = c.id and s.topic_id = t.id and s.partition = p.partition
     order by p.partition, s.from_offset`,
    [cluster, topic],
  );
  const first = result.rows[0];
  if (first?.cluster_id == null) throw new TidemarkError('CLUSTER_UNKNOWN', `there is no cluster '${cluster}'`);
  if (first.topic_id === null) throw new TidemarkError('TOPIC_UNKNOWN', `topic '${topic}' does not exist`);
  const partitions: (PartitionSegments & { readonly segments: Segment[] })[] = [];
  for (const row of result.rows) {
    if (row.partition === null) continue;
    let last = partitions.at(-1);
    if (last?.partition !== row.partition) {
      last = { partition: row.partition, ackedOffset: BigInt(row.acked_offset), trouble: row.trouble, segments: [] };
      partitions.push(last);
    }
    if (row.from_offset !== null) last.segments.push(segmentOf({ ...row, from_offset: row.from_offset }));
  }
  return partitions;
}
