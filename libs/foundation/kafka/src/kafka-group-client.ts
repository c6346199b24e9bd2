import type { Partition } from './kafka-client.ts';

/** A topic's partitions by the topic's id, as the consumer protocol of Kafka 4 names them. */
export interface TopicIdPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

/** Who asks, as the group knows it. */
export interface GroupMembership {
  readonly group: string;
  readonly memberId: string;
  /** The group's answer to the last heartbeat. */
  readonly memberEpoch: number;
  /** Of a static member; null for others. */
  readonly instanceId: string | null;
}

/** Epochs by which a member says what it wants. */
export const MEMBER_EPOCH = { JOIN: 0, LEAVE: -1, LEAVE_STATIC: -2 } as const;

export interface MemberHeartbeat extends GroupMembership {
  readonly topics: readonly string[];
  /** How long the member may take to give up what the group asks for, ms. */
  readonly rebalanceTimeoutMs: number;
  /** All that the member owns; what it was asked to give up counts as given up once it is missing. */
  readonly owned: readonly TopicIdPartitions[];
}

export interface HeartbeatAnswer {
  /** Kafka's error code, never one that says that the coordinator is elsewhere. */
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberEpoch: number;
  /** When the group wants to hear from the member again, ms. */
  readonly heartbeatIntervalMs: number;
  /** All that the member may own now; null: as before. */
  readonly assignment: readonly TopicIdPartitions[] | null;
}

/** A partition with its topic's id, for clusters that know offsets by id (Kafka 4.1 and later). */
export interface PartitionOfId extends Partition {
  readonly topicId: string;
}

export interface MemberOffset extends PartitionOfId {
  readonly offset: bigint;
  readonly metadata: string | null;
}

export interface FoundOffset extends Partition {
  readonly errorCode: number;
  /** -1 when nothing is committed. */
  readonly offset: bigint;
  readonly metadata: string | null;
}

/**
 * What a member of a consumer group says to its coordinator (the protocol of Kafka 4, KIP-848). The coordinator is found
 * and remembered; a call is made once more when it has moved. Throws as KafkaClient does: KAFKA_UNREACHABLE also while
 * there is no coordinator, KAFKA_UNSUPPORTED where the cluster does not have the protocol. What a coordinator says of the
 * member or of a partition is data.
 */
export interface KafkaGroupClient {
  /** Every heartbeat is a whole one, so that an answer that was lost is told again. */
  heartbeat(request: MemberHeartbeat): Promise<HeartbeatAnswer>;
  /** What the group has committed; offsets that a transaction is about to commit are waited for by UNSTABLE_OFFSET_COMMIT. */
  memberOffsets(
    member: GroupMembership,
    of: readonly PartitionOfId[],
  ): Promise<{ readonly errorCode: number; readonly offsets: readonly FoundOffset[] }>;
  commitMemberOffsets(
    member: GroupMembership,
    offsets: readonly MemberOffset[],
  ): Promise<readonly (Partition & { readonly errorCode: number })[]>;
  /** The member that has an instance id now; null when none has. */
  staticMember(group: string, instanceId: string): Promise<string | null>;
  /** Effective settings of a group; undefined when they are not ours to see, or groups have none (before Kafka 4). */
  groupConfigs(group: string): Promise<ReadonlyMap<string, string> | undefined>;
}
