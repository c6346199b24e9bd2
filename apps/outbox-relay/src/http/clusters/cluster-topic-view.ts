import { z } from 'zod';
import { zInt64Text } from '#libs/foundation/http';
import type { LaneStatus } from '#libs/movers/publisher';
import type { PartitionLag, PartitionSegments, RoutedTopic } from '#libs/stores/log';
import type { PartitionRange } from '#libs/stores/topic';

export const zClusterTopic = z
  .strictObject({
    topic: z.string(),
    nameOnCluster: z.string(),
    kafkaTopicId: z.string().nullable(),
    state: z.enum(['publishing', 'not routed', 'refused']),
    detail: z.string().meta({ description: 'Why it is refused.' }),
  })
  .meta({ id: 'ClusterTopic' });

const zPartitionOnCluster = z.strictObject({
  partition: z.int(),
  ackedOffset: zInt64Text.meta({ description: 'Log offset: the records before it are on the cluster.' }),
  endOffset: zInt64Text.meta({ description: 'Where the log ends.' }),
  lag: z.strictObject({ messages: zInt64Text, seconds: z.number() }),
  delta: zInt64Text.nullable().meta({ description: 'Cluster offset minus log offset of the newest record.' }),
  segments: z.array(z.strictObject({ fromOffset: zInt64Text, delta: zInt64Text, reason: z.string() })),
  segmentsLeftOut: z.int().meta({ description: 'Older ones beyond the newest thousand.' }),
  trouble: z.string().nullable().meta({ description: 'Why it stands still.' }),
  phase: z.string().nullable().meta({ description: 'What its publisher does, when that is this relay.' }),
});

export const zClusterTopicDetail = zClusterTopic
  .extend({ partitions: z.array(zPartitionOnCluster) })
  .meta({ id: 'ClusterTopicDetail' });

const SEGMENTS_SHOWN = 1_000;

export function clusterTopicView(topic: RoutedTopic): z.output<typeof zClusterTopic> {
  const { name: nameOnCluster, kafkaTopicId, state, detail } = topic;
  return { topic: topic.topic, nameOnCluster, kafkaTopicId, state, detail };
}

/** What is known of a partition from three sides; `published` and `lag` are undefined where there is nothing to say. */
export function partitionView(
  range: PartitionRange,
  published: PartitionSegments | undefined,
  lag: PartitionLag | undefined,
  lane: LaneStatus | undefined,
): z.output<typeof zPartitionOnCluster> {
  const segments = published?.segments ?? [];
  return {
    partition: range.partition,
    ackedOffset: (published?.ackedOffset ?? 0n).toString(),
    endOffset: range.endOffset.toString(),
    lag: { messages: (lag?.messages ?? 0n).toString(), seconds: (lag?.behindMs ?? 0) / 1_000 },
    delta: segments.at(-1)?.delta.toString() ?? null,
    segments: segments.slice(-SEGMENTS_SHOWN).map(({ fromOffset, delta, reason }) => ({
      fromOffset: fromOffset.toString(),
      delta: delta.toString(),
      reason,
    })),
    segmentsLeftOut: Math.max(0, segments.length - SEGMENTS_SHOWN),
    trouble: published?.trouble ?? null,
    phase: lane?.phase ?? null,
  };
}
