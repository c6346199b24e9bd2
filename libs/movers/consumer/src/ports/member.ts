import type {
  CommitOptions,
  GroupMemberEvents,
  PolledPartition,
  PollOptions,
  TopicPartition,
} from '#libs/stores/topic';

/** What the consumer needs of a member of a group; GroupMember is one, on Postgres topics as on Kafka. */
export interface ConsumerMember {
  start(): Promise<void>;
  stop(options: { readonly deadlineMs: number }): Promise<void>;
  /** A poll that waits ends early when partitions are resumed or the topics change. */
  poll(options: PollOptions): Promise<readonly PolledPartition[]>;
  /** With `tx` only where offsets are kept in the consumer's own database. */
  commit(options: CommitOptions): Promise<void>;
  /** Also for a partition that is being revoked, back to what is committed: it can be released at once then. */
  seek(partition: TopicPartition, offset: bigint): void;
  /** Partitions that are not owned are passed over. A new ownership begins unpaused. */
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Replaces the topics. */
  subscribe(topics: readonly string[]): void;
}

export interface MemberRequest {
  readonly group: string;
  /** Topics to begin with; `subscribe` changes them. */
  readonly topics: readonly string[];
  readonly events: GroupMemberEvents;
}

/** Makes a member for each group of a consumer: the transport. */
export type MemberFactory = (request: MemberRequest) => ConsumerMember;
