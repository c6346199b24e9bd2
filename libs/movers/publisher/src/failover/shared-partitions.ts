import { AffineMap, type ClusterPartition, type ClusterTopic } from '#libs/stores/log';
import type { SharedPartition } from './plan-failover.ts';

/** What is known of a cluster: its topics and their partitions. */
export interface ClusterContent {
  readonly topics: readonly ClusterTopic[];
  readonly partitions: readonly ClusterPartition[];
}

/** Where the log's first record goes when nothing was sent yet: to offset 0. */
const UNTOUCHED = new AffineMap([{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }]);

/**
 * Finds partitions by their name on the source and pairs them with the same ones of the target, for `planFailover`.
 * `nameOf`: the own name of a topic. A partition that got no record yet counts as beginning at offset 0.
 */
export function sharedPartitions(
  source: ClusterContent,
  target: ClusterContent,
  nameOf: (topicId: number) => string,
): (topic: string, partition: number) => SharedPartition | 'not on the target' | undefined {
  const onSource = new Map(source.topics.map((topic) => [topic.name, topic]));
  const published = target.topics.filter(({ state }) => state === 'publishing');
  const onTarget = new Map(published.map((topic) => [topic.topicId, topic]));
  const [ofSource, ofTarget] = [byPlace(source.partitions), byPlace(target.partitions)];
  return (topic, partition) => {
    const there = onSource.get(topic);
    if (there === undefined) return undefined;
    const { topicId } = there;
    const wanted = onTarget.get(topicId);
    if (wanted === undefined) return 'not on the target';
    const place = placeOf(topicId, partition);
    return {
      topic: nameOf(topicId),
      partition,
      nameOnTarget: wanted.name,
      source: mapOf(ofSource.get(place)),
      target: mapOf(ofTarget.get(place)),
      targetAcked: ofTarget.get(place)?.ackedOffset ?? 0n,
    };
  };
}

const placeOf = (topicId: number, partition: number): string => `${topicId}-${partition}`;

function byPlace(partitions: readonly ClusterPartition[]): ReadonlyMap<string, ClusterPartition> {
  return new Map(partitions.map((each) => [placeOf(each.topicId, each.partition), each]));
}

function mapOf(known: ClusterPartition | undefined): AffineMap {
  return known === undefined || known.segments.length === 0 ? UNTOUCHED : new AffineMap(known.segments);
}
