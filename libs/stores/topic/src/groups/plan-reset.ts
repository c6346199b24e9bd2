import { TidemarkError } from '#libs/foundation/kernel';
import { partitionKey, type TopicPartition } from './topic-partition.ts';

export type ResetPoint =
  | { readonly to: 'earliest' }
  | { readonly to: 'latest' }
  | { readonly to: 'offset'; readonly offset: bigint }
  /** The first record that is not older; the end when there is none. */
  | { readonly to: 'time'; readonly time: Date };

/** Where a topic, or one partition of it, shall be read from. */
export type ResetRequest = ResetPoint & { readonly topic: string; readonly partition?: number };

/** A partition that could be reset, with what there is to read. */
export interface ResettablePartition extends TopicPartition {
  readonly topicId: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** Null when the group has not read the partition. */
  readonly committedOffset: bigint | null;
  /** The offset of the time asked for, where one is asked for. */
  readonly offsetAtTime: bigint | null;
}

export interface OffsetReset extends TopicPartition {
  readonly topicId: number;
  readonly from: bigint | null;
  readonly to: bigint;
}

/** The offsets after a reset. Throws OFFSET_OUT_OF_RANGE for an offset that cannot be read, GROUP_INVALID for doubles. */
export function planReset(
  group: string,
  requested: readonly { readonly point: ResetPoint; readonly partition: ResettablePartition }[],
): OffsetReset[] {
  const seen = new Set<string>();
  return requested.map(({ point, partition }) => {
    const key = partitionKey(partition);
    if (seen.has(key))
      throw new TidemarkError('GROUP_INVALID', `group ${group}: the reset names partition ${key} more than once`);
    seen.add(key);
    return {
      topic: partition.topic,
      partition: partition.partition,
      topicId: partition.topicId,
      from: partition.committedOffset,
      to: offsetOf(point, partition),
    };
  });
}

function offsetOf(point: ResetPoint, partition: ResettablePartition): bigint {
  if (point.to === 'earliest') return partition.startOffset;
  if (point.to === 'latest') return partition.endOffset;
  if (point.to === 'time') return partition.offsetAtTime ?? partition.endOffset;
  if (point.offset < partition.startOffset || point.offset > partition.endOffset) {
    throw new TidemarkError(
      'OFFSET_OUT_OF_RANGE',
      `${partitionKey(partition)} can be read from ${partition.startOffset} to ${partition.endOffset}, not from ${point.offset}`,
      { context: { startOffset: partition.startOffset.toString(), endOffset: partition.endOffset.toString() } },
    );
  }
  return point.offset;
}
