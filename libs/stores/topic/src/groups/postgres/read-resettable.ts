import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { firstSince } from '../../postgres/first-since.sql.ts';
import { readRanges } from '../../postgres/ranges.sql.ts';
import type { ResetPoint, ResetRequest, ResettablePartition } from '../plan-reset.ts';
import type { LockedGroup } from './lock-group.sql.ts';
import { readOffsets } from './read-offsets.sql.ts';

/** Looks up what the requests name: each partition with its range and its present offset. Throws TOPIC_UNKNOWN, PARTITION_INVALID. */
export async function readResettable(
  tx: Queryable,
  group: LockedGroup,
  requests: readonly ResetRequest[],
): Promise<{ point: ResetPoint; partition: ResettablePartition }[]> {
  const found: { point: ResetPoint; partition: ResettablePartition }[] = [];
  for (const request of requests) {
    const topic = await readRanges(tx, request.topic);
    if (topic === undefined) throw new TidemarkError('TOPIC_UNKNOWN', `topic ${request.topic} does not exist`);
    const ranges = topic.ranges.filter(
      (range) => request.partition === undefined || range.partition === request.partition,
    );
    if (ranges.length === 0) {
      throw new TidemarkError(
        'PARTITION_INVALID',
        `topic ${request.topic} has ${topic.ranges.length} partitions and no partition ${request.partition}`,
      );
    }
    const offsets = await readOffsets(tx, group.id, topic.topicId);
    if (offsets.size === 0 && request.partition !== undefined) {
      // The rest of the topic would count as read before, and so begin elsewhere than where the group starts.
      throw new TidemarkError(
        'GROUP_INVALID',
        `group ${group.name} has not read topic ${request.topic}: reset all its partitions`,
      );
    }
    for (const range of ranges) {
      const atTime =
        request.to === 'time' ? await firstSince(tx, topic.topicId, range.partition, request.time) : undefined;
      const committedOffset = offsets.get(range.partition) ?? null;
      found.push({
        point: request,
        partition: {
          ...range,
          topic: request.topic,
          topicId: topic.topicId,
          committedOffset,
          offsetAtTime: atTime?.offset ?? null,
        },
      });
    }
  }
  return found;
}
