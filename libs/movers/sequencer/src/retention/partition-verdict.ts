/** Positions from `lower` (inclusive) to `upper` (exclusive): one partition of outbox.message. */
export interface PositionRange {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** A topic that has messages in a partition. */
export interface TopicAge {
  readonly topic: string;
  /** Null keeps messages for ever. */
  readonly retentionMs: bigint | null;
  /**
   * Age of the youngest message of the topic up to the end of the partition, by the clock of Postgres. Not of the
   * partition alone: its records are readable only while everything before them is.
   */
  readonly youngestMs: number;
}

/** A reader that must have passed a message before it may be dropped. */
export interface ReaderFloor {
  readonly reader: string;
  /** It has passed every message up to here. */
  readonly position: bigint;
}

export interface PartitionFacts {
  /** Every message up to here is in the log. */
  readonly cursor: bigint;
  readonly topics: readonly TopicAge[];
  readonly floors: readonly ReaderFloor[];
  /** A batch that begins in the partition belongs to a step that ends behind it: dropping would tear the batch. */
  readonly straddled: boolean;
}

export type KeepReason = 'not-sequenced' | 'straddled' | 'kept-for-ever' | 'within-retention' | 'reader-behind';

export type PartitionVerdict =
  | { readonly drop: true }
  | {
      readonly drop: false;
      readonly reason: KeepReason;
      /** The topic or the reader that it is kept for; null when it is neither. */
      readonly heldBy: string | null;
    };

/**
 * Whether a partition may be dropped: everything in it is in the log, the retention of every topic has passed, and every
 * required reader is behind it. Names the first thing that keeps it.
 */
export function judgePartition(range: PositionRange, facts: PartitionFacts): PartitionVerdict {
  const last = range.upper - 1n;
  if (facts.cursor < last) return keep('not-sequenced', null);
  if (facts.straddled) return keep('straddled', null);
  const forEver = facts.topics.find((topic) => topic.retentionMs === null);
  if (forEver !== undefined) return keep('kept-for-ever', forEver.topic);
  const young = facts.topics.find((topic) => topic.youngestMs <= Number(topic.retentionMs));
  if (young !== undefined) return keep('within-retention', young.topic);
  const behind = facts.floors.find((floor) => floor.position < last);
  if (behind !== undefined) return keep('reader-behind', behind.reader);
  return { drop: true };
}

const keep = (reason: KeepReason, heldBy: string | null): PartitionVerdict => ({ drop: false, reason, heldBy });
