import type { Queryable } from '#libs/foundation/postgres';

/** A row for outbox.forward. */
export interface ForwardRow {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly payload: Buffer | null;
  /** JSON text of [name, value] pairs. */
  readonly headers: string | null;
  readonly messageId: string;
  readonly schemaId: number | null;
}

/** Locks: the advisory lock of (topic, key) until the transaction ends. Index: topic_name_key. */
export const FORWARD_MESSAGE = 'select outbox.forward($1, $2, $3, $4::jsonb, $5, $6)';

/** Writes one message under its id, headers of Tidemark included. */
export async function forwardMessage(tx: Queryable, row: ForwardRow): Promise<void> {
  await tx.query(FORWARD_MESSAGE, [row.topic, row.key, row.payload, row.headers, row.messageId, row.schemaId]);
}
