import type { Clock } from '#libs/foundation/kernel';
import type { GroupView, OffsetCommit, Release } from '../groups/group.ts';
import type { TopicPartition } from '../groups/topic-partition.ts';
import type { OffsetAccess } from './member-offsets.ts';

/** One member's life in a Kafka group. */
export interface Membership {
  /** Tells the group what the member owns, and applies its answer. Throws GROUP_FENCED once the membership has ended. */
  heartbeat(topics: readonly string[], released: readonly Release[]): Promise<GroupView>;
  /** See GroupCoordinator.commit. */
  commit(offsets: readonly OffsetCommit[]): Promise<void>;
  /** See MemberCommits.rewind. */
  rewind(partition: TopicPartition, endOffset: bigint): Promise<void>;
  /** Ends the membership. A static member's partitions wait for its successor until the group's session timeout is over. */
  leave(): Promise<void>;
}

export interface MembershipSettings extends Omit<OffsetAccess, 'start' | 'now'> {
  readonly clock: Clock;
  readonly wallClock: Clock;
  /** What went wrong beside a heartbeat that succeeded; it is tried again with the next one. */
  readonly onTrouble: (error: unknown) => void;
}
