import type { HandoverState } from './handover.ts';
import type { TopicPartition } from './topic-partition.ts';

/**
 * - `empty`: no live member.
 * - `stable`: every partition is where it shall be.
 * - `rebalancing`: some partition has to be released, claimed, or taken from a dead member.
 */
export type GroupState = 'empty' | 'stable' | 'rebalancing';

export interface GroupSummary {
  readonly name: string;
  readonly state: GroupState;
  readonly epoch: bigint;
  /** Holds back retention. */
  readonly required: boolean;
  readonly liveMembers: number;
  readonly partitions: number;
  /** Records that are in the log and not committed, of all partitions. */
  readonly lagRecords: bigint;
  readonly createdAt: Date;
}

export interface GroupMemberStatus {
  readonly memberId: string;
  /** Null for a member that is not static. */
  readonly instanceId: string | null;
  readonly client: Readonly<Record<string, string | number>>;
  readonly topics: readonly string[];
  readonly joinedAt: Date;
  readonly lastSeenAt: Date;
  /** False when it is silent for longer than its session timeout; the next heartbeat of another member removes it. */
  readonly live: boolean;
}

export interface GroupPartitionStatus extends TopicPartition {
  readonly state: HandoverState;
  readonly owner: string | null;
  readonly target: string | null;
  /** The next offset to read. */
  readonly committedOffset: bigint;
  /** Null when that is still where the group started. */
  readonly committedAt: Date | null;
  readonly metadata: string | null;
  readonly endOffset: bigint;
  readonly lagRecords: bigint;
  /** Age of the oldest record that is not committed, taken from its batch; null when there is none. */
  readonly lagSeconds: number | null;
}

export interface GroupDescription extends GroupSummary {
  readonly members: readonly GroupMemberStatus[];
  readonly partitionStatus: readonly GroupPartitionStatus[];
}

export function groupStateOf(liveMembers: number, unsettledPartitions: number): GroupState {
  if (liveMembers === 0) return 'empty';
  return unsettledPartitions === 0 ? 'stable' : 'rebalancing';
}
