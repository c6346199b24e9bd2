import type { Queryable } from '#libs/foundation/postgres';
import type { TopicRecord } from '../record.ts';
import type { GroupStart, GroupView, OffsetCommit, Release } from './group.ts';

export interface JoinRequest {
  readonly group: string;
  /** A new UUID for each life of a member: two members with one id would be one to the group. */
  readonly memberId: string;
  /**
   * Makes the member a static one. It takes over what the member with the same instance id owns or shall own, whether
   * that one is alive or not, and no partition of another member moves; the predecessor is refused from then on.
   */
  readonly instanceId?: string;
  /** Shown to people: host, process, version. At most 4096 characters as JSON. */
  readonly client: Readonly<Record<string, string | number>>;
  /** At most 1000; may be none. */
  readonly topics: readonly string[];
  /** A member that is silent for longer than this is dead, ms. */
  readonly sessionTimeoutMs: number;
  /** A member that does not release what it was asked to within this time is removed, ms. */
  readonly handoverTimeoutMs: number;
  /** Used when this member creates the group; the start of an existing group does not change. */
  readonly start: GroupStart;
}

export interface HeartbeatRequest {
  readonly group: string;
  readonly memberId: string;
  /** As it joined. */
  readonly instanceId?: string;
  /** May change from one heartbeat to the next. */
  readonly topics: readonly string[];
  readonly released: readonly Release[];
}

export interface LeaveRequest {
  readonly group: string;
  readonly memberId: string;
  /** As it joined. */
  readonly instanceId?: string;
}

export interface CommitRequest {
  readonly group: string;
  readonly memberId: string;
  readonly offsets: readonly OffsetCommit[];
}

/** Keeps the members, the assignment and the offsets of groups. */
export interface GroupCoordinator {
  /** Makes the member one of the group, which is created if need be. May be repeated. Throws GROUP_INVALID. */
  join(request: JoinRequest): Promise<GroupView>;
  /**
   * Says that the member is alive, gives up what it releases and takes what is free for it. Throws GROUP_FENCED when it
   * is not a member any more: it owns nothing then and has to join under a new id; and GROUP_INSTANCE_TAKEN when its
   * place has been taken by another member with its instance id: then it shall not join again.
   */
  heartbeat(request: HeartbeatRequest): Promise<GroupView>;
  /**
   * Ends the membership; what the member owned is free at once. A static member is only away: what it owned stays its
   * own until its successor joins or its session times out. Does nothing when it is not a member.
   */
  leave(request: LeaveRequest): Promise<void>;
  /**
   * Commits all offsets or none. With `tx`, within that transaction, which then fails as a whole when the commit is
   * refused. Throws GROUP_FENCED for a partition that is not owned under the given epoch, GROUP_INVALID for an offset
   * before the committed one or beyond the end.
   */
  commit(request: CommitRequest, tx?: Queryable): Promise<void>;
}

export interface ReadRange {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** The log ends before the offset that was read last: it has lost its end. Logs in Postgres never do. */
  readonly hasLostItsEnd?: boolean;
}

/** What was found from an offset on. */
export interface RecordRead {
  /** In order, none below the offset that was asked for. */
  readonly records: readonly TopicRecord[];
  /**
   * Where to read on: above every record that was answered, and no record is left below it. Beyond the offset asked for
   * although there are no records, it has passed over a hole; equal to it at the end.
   */
  readonly nextOffset: bigint;
}

/** Where a member reads its records. Offsets may have holes: Kafka leaves some for transactions and by compaction. */
export interface RecordSource {
  /** Records from an offset on. The first may exceed maxBytes by itself. */
  read(
    topic: string,
    partition: number,
    fromOffset: bigint,
    limits: { readonly maxRecords: number; readonly maxBytes: number },
  ): Promise<RecordRead>;
  /** What can be read of each partition of a topic. */
  ranges(topic: string): Promise<readonly ReadRange[]>;
  /** A mark that changes when records are added. */
  cursor(): Promise<bigint>;
  /** Resolves when the mark has changed, after the time, or when the signal is aborted. */
  waitBeyond(cursor: bigint, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
}
