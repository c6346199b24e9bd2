import type { Queryable } from '#libs/foundation/postgres';
import type { RecordHeader } from '#libs/stores/topic';

/** A message for a retry topic or a dlq, under the identity that it had. */
export interface ForwardedMessage {
  readonly topic: string;
  readonly messageId: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly schemaId: number | null;
}

/** Writes to the outbox, names of headers that begin with `tidemark-` included. */
export interface Forwarder {
  /** Throws MESSAGE_TOO_LARGE when headers and value are more than the topic takes: then it is called with fewer headers. */
  forward(tx: Queryable, message: ForwardedMessage): Promise<void>;
}
