/** Who asks, as a group of the classic protocol knows it. */
export interface ClassicMember {
  readonly group: string;
  /** Given by the coordinator; empty before the first join. */
  readonly memberId: string;
  /** -1 before the first join. */
  readonly generation: number;
  /** Of a static member; null for others. */
  readonly instanceId: string | null;
}

export interface JoinGroupRequest extends Omit<ClassicMember, 'generation'> {
  readonly sessionTimeoutMs: number;
  /** How long the others may take to join again, ms. */
  readonly rebalanceTimeoutMs: number;
  /** The way of assigning, and what the leader has to know of this member for it. */
  readonly protocol: string;
  readonly metadata: Buffer;
}

export interface JoinGroupAnswer {
  readonly errorCode: number;
  readonly generation: number;
  readonly leader: string;
  /** Also with MEMBER_ID_REQUIRED: the id to join with. */
  readonly memberId: string;
  /** Only for the leader. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[];
}

export interface SyncGroupRequest extends ClassicMember {
  /** Of all members, from the leader; none from others. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}

/**
 * What a member of a group of the classic protocol says to its coordinator, for clusters without the consumer protocol.
 * Throws as KafkaGroupClient does.
 */
export interface KafkaClassicGroupClient {
  /** Answered when all members have joined, on a connection of its own. */
  joinGroup(request: JoinGroupRequest): Promise<JoinGroupAnswer>;
  /** Answered when the leader has said who gets what. */
  syncGroup(request: SyncGroupRequest): Promise<{ readonly errorCode: number; readonly assignment: Buffer }>;
  groupHeartbeat(member: ClassicMember): Promise<{ readonly errorCode: number }>;
  leaveGroup(member: ClassicMember): Promise<{ readonly errorCode: number }>;
}
