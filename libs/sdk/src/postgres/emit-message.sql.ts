import type { MessageRow } from '../message-row.ts';
import type { OpenTransaction } from '../transaction/open-transaction.ts';

/*
 * Locks: outbox.emit_bytes takes the advisory lock of (topic, key) until the transaction ends. Indexes: topic_name_key.
 * The condition is evaluated once, before the function is called.
 */
export const EMIT_MESSAGE = `select outbox.emit_bytes($1, $2, $3, $4::jsonb, $5, $6, $7)::text as id
where $8::text is null or pg_current_xact_id()::text = $8`;

/** Writes one message and returns its id. */
export async function emitMessage(tx: OpenTransaction, row: MessageRow): Promise<string> {
  const values = [row.topic, row.key, row.payload, row.headers, row.partition, row.messageId, row.schemaId];
  const [answer] = await tx.run(EMIT_MESSAGE, values);
  return answer?.['id'] as string;
}
