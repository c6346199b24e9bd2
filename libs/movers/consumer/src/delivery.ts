import type { StoredSchema } from '#libs/codec';
import type { RecordHeader, TopicRecord } from '#libs/stores/topic';

/**
 * One message on its way to a handler. `topic`, `partition` and `offset` say where the message was first published, also
 * when it comes from a retry topic; `record` is what was read now, with the place where it was read.
 */
export interface Delivery<Tx, Value = unknown> {
  readonly record: TopicRecord;
  /** What the decoder made of the record's value; null is a tombstone. */
  readonly value: Value;
  /** What the value was written with; null without a schema. */
  readonly schema: StoredSchema | null;
  readonly messageId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  /** The message's own headers, in order; those that were added on its way through retry topics are left out. */
  readonly headers: readonly RecordHeader[];
  readonly group: string;
  /** Name of the subscription. */
  readonly subscription: string;
  /** 1 for the first try; counts on over retries in place and retry topics, as far as they are known. */
  readonly attempt: number;
  /** The W3C trace context that the message carries. */
  readonly traceparent: string | null;
  /** The transaction in which everything the handler writes must be written. Over when the handler has returned. */
  readonly tx: Tx;
  /** Aborted when the handler's time is over, or the consumer stops or loses the partition: nothing will be committed. */
  readonly signal: AbortSignal;
  /** `topic/partition@offset` of the record that was read, for logs. */
  readonly place: string;
}
