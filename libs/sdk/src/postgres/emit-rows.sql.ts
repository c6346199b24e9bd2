import { assert } from '#libs/foundation/kernel';
import type { MessageRow } from '../message-row.ts';
import type { OpenTransaction } from '../transaction/open-transaction.ts';

/*
 * One call of outbox.emit_bytes per row, in the order of the arrays: the function scan produces them in order, and
 * Postgres evaluates volatile output columns after the sort. Locks and index as for a single message, row by row.
 */
export const EMIT_ROWS = `select outbox.emit_bytes(m.topic, m.key, m.payload, m.headers, m.partition, m.message_id, m.schema_id)::text as id
from unnest($1::text[], $2::bytea[], $3::bytea[], $4::jsonb[], $5::integer[], $6::uuid[], $7::integer[])
  with ordinality as m (topic, key, payload, headers, partition, message_id, schema_id, place)
where $8::text is null or pg_current_xact_id()::text = $8
order by m.place`;

/** Writes the rows in their order, in one statement, and returns their ids in the same order. */
export async function emitRows(tx: OpenTransaction, rows: readonly MessageRow[]): Promise<string[]> {
  const answers = await tx.run(EMIT_ROWS, [
    rows.map((row) => row.topic),
    rows.map((row) => row.key),
    rows.map((row) => row.payload),
    rows.map((row) => row.headers),
    rows.map((row) => row.partition),
    rows.map((row) => row.messageId),
    rows.map((row) => row.schemaId),
  ]);
  assert(answers.length === rows.length, `${rows.length} messages sent and ${answers.length} ids returned`);
  return answers.map((answer) => answer['id'] as string);
}
