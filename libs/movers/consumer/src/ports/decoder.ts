import type { StoredSchema } from '#libs/codec';
import type { TopicRecord } from '#libs/stores/topic';

export interface DecodedRecord {
  readonly value: unknown;
  readonly schema: StoredSchema | null;
}

/**
 * Bytes to values. What it throws is taken for a message that nobody can decode, and goes to the dlq; unless it is a
 * TidemarkError that is `retryable` (a registry that is away): then it is tried again for as long as it takes.
 */
export interface Decoder {
  decode(record: TopicRecord, subscription: string): Promise<DecodedRecord>;
}
