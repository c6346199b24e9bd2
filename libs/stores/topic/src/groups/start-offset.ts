import type { GroupStart } from './group.ts';
import type { TopicPartition } from './topic-partition.ts';

/** A partition that a group takes up, with what there is to read. */
export interface StartPlace extends TopicPartition {
  /** True when the group sees the topic for the first time: it starts where the group starts, else at the beginning. */
  readonly firstOfTopic: boolean;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** The offset of the group's start time, where it has one; null when no record is that young. */
  readonly offsetAtTime: bigint | null;
}

/**
 * Where a group begins to read a partition. An offset that cannot be read (retention has dropped it, or the topic came
 * later than the group) is moved to the nearest that can: it must not keep the group from its other partitions.
 */
export function startOffset(start: GroupStart, place: StartPlace): bigint {
  if (!place.firstOfTopic || start.from === 'earliest') return place.startOffset;
  if (start.from === 'latest') return place.endOffset;
  if (start.from === 'time') return place.offsetAtTime ?? place.endOffset;
  const given = start.offsets.find((of) => of.topic === place.topic && of.partition === place.partition);
  if (given === undefined || given.offset < place.startOffset) return place.startOffset;
  return given.offset > place.endOffset ? place.endOffset : given.offset;
}
