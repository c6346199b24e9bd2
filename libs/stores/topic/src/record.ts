/** Name and value in the order they were written; names may repeat, values may be null. */
export type RecordHeader = readonly [name: string, value: Buffer | null];

/** A message with its place. Nothing about a record changes, ever. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Place in the whole outbox, across topics; UNKNOWN_POSITION when the record was read from a cluster, which has it not. */
  readonly position: bigint;
  /** The public identity: the same in every replay and on every cluster. */
  readonly messageId: string;
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly schemaId: number | null;
  /** When the message was written. */
  readonly time: Date;
}

/** Positions count from 1. */
export const UNKNOWN_POSITION = 0n;

/** Key of a record that stands where a message could not be sent; no application uses it by accident. */
export const PLACEHOLDER_KEY = 'tidemark-placeholder';
/** Header of such a record; its value is the reason. */
export const PLACEHOLDER_HEADER = 'tidemark-placeholder';

/** What readers see in the place of a message that cannot be sent anywhere. The message itself stays in the outbox. */
export function placeholderOf(record: TopicRecord, reason: string, detail: string): TopicRecord {
  return {
    ...record,
    key: Buffer.from(PLACEHOLDER_KEY),
    value: Buffer.from(JSON.stringify({ reason, detail, messageId: record.messageId })),
    headers: [[PLACEHOLDER_HEADER, Buffer.from(reason)]],
    schemaId: null,
  };
}

type StoredHeader = readonly [string, string | null | { base64: string }];

/** Headers as outbox.message keeps them: text, null, or bytes in base64. */
export function headersOf(stored: readonly StoredHeader[] | null): RecordHeader[] {
  return (stored ?? []).map(([name, value]) => {
    if (value === null) return [name, null];
    return [name, typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64')];
  });
}
