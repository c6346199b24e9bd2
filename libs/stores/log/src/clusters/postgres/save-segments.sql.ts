import { assert } from '#libs/foundation/kernel';
import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease, ChangedSegments } from '../cluster-state.ts';

/**
 * Replaces the segments of partitions, each given once, from the first given one's offset on; earlier ones stay. All or none:
 * false when the term is over. One statement for many partitions, because each transaction waits for the disk. Indexes: primary
 * keys of log.cluster and log.cluster_segment. Locks those rows; the cluster's comes first, and keeps others under the term out.
 */
export async function saveSegments(
  db: Queryable,
  lease: ClusterLease,
  partitions: readonly ChangedSegments[],
): Promise<boolean> {
  assert(partitions.length > 0, 'there are no segments to save');
  for (const { segments } of partitions) {
    assert(segments.length > 0, 'there are no segments to save');
    assert(
      segments.every((segment, index) => index === 0 || segments[index - 1]!.fromOffset < segment.fromOffset),
      'segments are saved in the order of their offsets, each once',
    );
  }
  const rows = partitions.flatMap(({ topicId, partition, segments }) =>
    segments.map((segment) => ({ topicId, partition, ...segment })),
  );
  const result = await db.query<{ saved: boolean }>(
    inOneMessage(
      `select bool_and(log.save_cluster_segments($1, $2, w.topic_id, w.partition, w.offsets, w.deltas, w.sequence_deltas, w.reasons)) as saved
       from (
         select s.topic_id, s.partition, array_agg(s.from_offset order by s.from_offset) as offsets,
                array_agg(s.delta order by s.from_offset) as deltas,
                array_agg(s.sequence_delta order by s.from_offset) as sequence_deltas,
                array_agg(s.reason order by s.from_offset) as reasons
         from unnest($3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
           as s(topic_id, partition, from_offset, delta, sequence_delta, reason)
         group by s.topic_id, s.partition
       ) w`,
      [
        lease.clusterId,
        lease.term,
        rows.map(({ topicId }) => topicId),
        rows.map(({ partition }) => partition),
        rows.map(({ fromOffset }) => fromOffset),
        rows.map(({ delta }) => delta),
        rows.map(({ sequenceDelta }) => sequenceDelta),
        rows.map(({ reason }) => reason),
      ],
    ),
  );
  return result.rows[0]?.saved === true;
}
