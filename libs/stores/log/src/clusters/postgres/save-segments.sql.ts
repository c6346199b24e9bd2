import { assert } from '#libs/foundation/kernel';
import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { ClusterLease } from '../cluster-state.ts';
import type { Segment } from '../segment.ts';

/**
 * Replaces the segments of a partition from the first given one's offset on; earlier ones stay. False when the term is over.
 * Indexes: primary keys of log.cluster and log.cluster_segment. Locks those rows.
 */
export async function saveSegments(
  db: Queryable,
  lease: ClusterLease,
  of: { readonly topicId: number; readonly partition: number },
  segments: readonly Segment[],
): Promise<boolean> {
  assert(segments.length > 0, 'there are no segments to save');
  assert(
    segments.every((segment, index) => index === 0 || segments[index - 1]!.fromOffset < segment.fromOffset),
    'segments are saved in the order of their offsets, each once',
  );
  const result = await db.query<{ saved: boolean }>(
    inOneMessage('select log.save_cluster_segments($1, $2, $3, $4, $5, $6, $7, $8) as saved', [
      lease.clusterId,
      lease.term,
      of.topicId,
      of.partition,
      segments.map((segment) => segment.fromOffset),
      segments.map((segment) => segment.delta),
      segments.map((segment) => segment.sequenceDelta),
      segments.map((segment) => segment.reason),
    ]),
  );
  return result.rows[0]?.saved === true;
}
