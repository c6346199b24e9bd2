import type { Queryable } from '#libs/foundation/postgres';
import type { TopicRecord } from '#libs/stores/topic';
import type { ErrorDescription } from '../failure/error-description.ts';

/** Where a record is. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A delivery that was given up where it was, and where its message went. */
export interface FailureEntry {
  readonly group: string;
  readonly subscription: string;
  /** Where the message was first published. */
  readonly origin: RecordPlace;
  /** The record whose delivery failed: the origin itself, or one of a retry topic. A delivery is moved on once. */
  readonly delivery: RecordPlace;
  readonly messageId: string;
  /** The same over all hops of the message; kept from its headers. */
  readonly dlqId: string;
  readonly key: Buffer | null;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly failedAt: Date;
  readonly error: ErrorDescription;
  /** `retrying`: in a retry topic; `dead`: in the dlq. */
  readonly state: 'retrying' | 'dead';
  readonly sentTo: string;
  /** Null in the dlq. */
  readonly dueAt: Date | null;
}

/** A message of a key that is blocked, kept with its bytes. */
export interface ParkedRecord {
  readonly record: TopicRecord;
  readonly parkedAt: Date;
}

/** Messages of a topic that must wait for each other. */
export interface KeyOfTopic {
  readonly group: string;
  /** The source topic. */
  readonly topic: string;
  readonly key: Buffer;
}

/** A message that came through a retry topic. */
export interface SettledFailure {
  readonly group: string;
  readonly origin: RecordPlace;
  readonly messageId: string;
  readonly key: Buffer | null;
}

/** What a group has handled, what failed, and what waits. Everything happens in the transaction that is passed. */
export interface Inbox {
  /**
   * Notes the messages as handled and answers those that had not been. Waits for another transaction that has noted one of
   * them and not ended. The ids are distinct.
   */
  markHandled(tx: Queryable, group: string, messageIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Notes the failure; `already` when this delivery was moved on before: then it must not be sent again. */
  recordFailure(tx: Queryable, failure: FailureEntry): Promise<'recorded' | 'already'>;
  /** The message was handled after all: ends its failure, and what waits behind it goes on. */
  settleFailure(tx: Queryable, settled: SettledFailure): Promise<void>;

  /**
   * Whether messages of each key have to wait, in the order asked: the key is blocked, or parked messages of it are left.
   * What is answered holds until the transaction ends.
   */
  blockedKeys(tx: Queryable, group: string, topic: string, keys: readonly Buffer[]): Promise<readonly boolean[]>;
  /** From now on messages of the key wait, until the message is settled or the key is resolved by hand. May be repeated. */
  blockKey(tx: Queryable, key: KeyOfTopic & { readonly messageId: string }): Promise<void>;
  /** Puts the record behind those that wait already. Does nothing when it waits already. */
  park(tx: Queryable, group: string, record: TopicRecord): Promise<void>;
  /**
   * Takes the first parked record of a key that is not blocked any more, of any of the topics; null when there is none that
   * nobody else has under way. Gone for good when the transaction commits; its key stays in the hands of the transaction.
   */
  takeParked(tx: Queryable, group: string, topics: readonly string[]): Promise<ParkedRecord | null>;
}
