import { type ClusterReader, type PartitionToVerify } from '#libs/movers/publisher';
import { AffineMap, type PartitionSegments, readSegments, type RoutedTopic } from '#libs/stores/log';
import type { VerifyParts } from './verify-parts.ts';

/** A partition at one moment, on both sides. */
export interface ObservedPartition extends PartitionToVerify {
  /** Where it begins and ends on the cluster; undefined before the first record was sent to it. */
  readonly bounds: { readonly startOffset: bigint; readonly endOffset: bigint } | undefined;
}

/** A publisher writes down what the cluster has acked every 200 ms. */
const SETTLE_MS = 2_000;
const POLL_MS = 100;

/**
 * Looks at all partitions of a topic, or at one, while they may be written to. What was acked is read before the cluster is asked for
 * its ends, so that all of it must be there; segments and the log's ends are read after that, once they cover what the
 * cluster has, so that no record seems to be in a wrong place only because its segment was not written down yet.
 */
export async function observeTopic(
  parts: VerifyParts,
  topic: RoutedTopic,
  reader: ClusterReader,
  partition?: number,
): Promise<ObservedPartition[]> {
  const { db, cluster, client } = parts;
  const wanted = (all: readonly PartitionSegments[]): PartitionSegments[] =>
    all.filter((each) => partition === undefined || each.partition === partition);
  const before = wanted(await readSegments(db, cluster.name, topic.topic));
  const bounds = new Map<number, NonNullable<ObservedPartition['bounds']>>();
  for (const { partition: number, segments } of before) {
    parts.signal.throwIfAborted();
    if (segments.length > 0) bounds.set(number, await reader.bounds(number));
  }
  let after = before;
  const deadline = parts.now() + SETTLE_MS;
  while (!after.every((each) => covers(each, bounds.get(each.partition)?.endOffset)) && parts.now() < deadline) {
    await parts.sleep(POLL_MS, parts.signal);
    parts.signal.throwIfAborted();
    after = wanted(await readSegments(db, cluster.name, topic.topic));
  }
  const ranges = await parts.reader.ranges(topic.topic);
  const policy = (await client.topicConfigs([topic.name])).get(topic.name)?.get('cleanup.policy') ?? '';
  return ranges
    .filter((range) => partition === undefined || range.partition === partition)
    .map(({ partition: number, startOffset, endOffset }) => ({
      partition: number,
      segments: after.find((each) => each.partition === number)?.segments ?? [],
      ackedOffset: before.find((each) => each.partition === number)?.ackedOffset ?? 0n,
      startOffset,
      endOffset,
      compacted: policy.split(',').includes('compact'),
      bounds: bounds.get(number),
    }));
}

/** Whether what is written down reaches to the end of the partition on the cluster. */
function covers({ ackedOffset, segments }: PartitionSegments, end: bigint | undefined): boolean {
  const next = new AffineMap(segments).toCluster(ackedOffset);
  return end === undefined || (next !== undefined && next >= end);
}
