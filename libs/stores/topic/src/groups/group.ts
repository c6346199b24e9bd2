import type { TopicPartition } from './topic-partition.ts';

/** Where a group starts in a topic that it has not read before. Partitions added later are read from their beginning. */
export type GroupStart =
  | { readonly from: 'earliest' }
  | { readonly from: 'latest' }
  /** At the first record that is not older. */
  | { readonly from: 'time'; readonly time: Date }
  /** At these offsets; in partitions that are not named, at the earliest. At most 1000. */
  | { readonly from: 'offset'; readonly offsets: readonly StartOffset[] };

export interface StartOffset extends TopicPartition {
  /** The first one to read. */
  readonly offset: bigint;
}

/** A partition that a member owns. Commits count only under the assignment epoch of this ownership. */
export interface OwnedPartition extends TopicPartition {
  readonly assignmentEpoch: bigint;
  /** The next offset to read: the committed one, or where the group started. */
  readonly nextOffset: bigint;
}

/** A partition that its owner gives up; void when the ownership has ended already. */
export interface Release extends TopicPartition {
  readonly assignmentEpoch: bigint;
}

/** What a member learns from a heartbeat. */
export interface GroupView {
  /** Grows whenever the membership or a target changes. */
  readonly epoch: bigint;
  /** All that the member owns, also what it shall release. */
  readonly owned: readonly OwnedPartition[];
  /** Owned partitions to finish, commit, and release with a later heartbeat. */
  readonly revoke: readonly TopicPartition[];
  /** Partitions that this member gets as soon as their owners have released them. */
  readonly waiting: readonly TopicPartition[];
  /** Subscribed topics that do not exist (yet). */
  readonly unknownTopics: readonly string[];
  /** How long the member may believe this without hearing more, ms, where the group decides that; else its session timeout. */
  readonly leaseMs?: number;
  /** When the group wants to hear from the member again at the latest, ms; default: when the member wants. */
  readonly heartbeatMs?: number;
}

export interface OffsetCommit extends TopicPartition {
  readonly assignmentEpoch: bigint;
  /** The offset after the last record that was handled. */
  readonly nextOffset: bigint;
  /** At most 4096 characters; kept beside the offset. */
  readonly metadata?: string;
}
