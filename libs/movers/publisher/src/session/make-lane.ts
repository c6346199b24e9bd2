import { AffineMap, type ClusterPartition } from '#libs/stores/log';
import { Lane } from '../lane/lane.ts';
import type { PublishedTopic } from '../topics/published-topic.ts';

export interface LaneOrigin {
  readonly topic: PublishedTopic;
  readonly partition: number;
  readonly exact: boolean;
  /** What Postgres knew when the lease was taken; undefined for a partition that is new. */
  readonly known: ClusterPartition | undefined;
  /** Monotonic ms: until then, batches of a previous publisher may still arrive. */
  readonly uncertainUntil: number;
}

/** A lane as Postgres left it: nobody knows yet where it ends on the cluster. */
export function makeLane(origin: LaneOrigin, onMoved: (lane: Lane, from: Lane['phase']) => void): Lane {
  const { topic, partition, exact, known, uncertainUntil } = origin;
  const lane = new Lane(
    {
      topicId: topic.topicId,
      topic: topic.name,
      clusterTopic: topic.route.name,
      partition,
      exact,
      acked: known?.ackedOffset ?? 0n,
      ackedPosition: known?.ackedPosition ?? 0n,
      map: new AffineMap(known?.segments ?? []),
      everOpened: known !== undefined && known.openedTerm !== null,
    },
    uncertainUntil,
    onMoved,
  );
  lane.trouble = known?.trouble ?? null;
  return lane;
}
