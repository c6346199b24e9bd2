import { randomUUID } from 'node:crypto';
import { TidemarkError } from '#libs/foundation/kernel';
import type { RecordHeader } from '#libs/stores/topic';
import { EMIT_MESSAGE } from '../../../src/postgres/emit-message.sql.ts';
import { EMIT_ROWS } from '../../../src/postgres/emit-rows.sql.ts';
import { LOCK_TOPIC } from '../../../src/postgres/lock-topic.sql.ts';
import { REFUSE_PAYLOAD } from '../../../src/postgres/refuse-payload.sql.ts';
import { TRANSACTION_ID } from '../../../src/postgres/transaction-id.sql.ts';
import type { NewRecord } from './memory-log.ts';

type EmitValues = readonly [
  string,
  Buffer | null,
  Buffer | null,
  string | null,
  number | null,
  string | null,
  number | null,
];
type StoredHeader = readonly [string, string | null | { readonly base64: string }];

/** What Postgres would answer to a statement of the SDK. Throws CONSUMER_INVALID for any other: there is no SQL here. */
export function answerStatement(
  text: string,
  values: readonly unknown[],
  append: (record: NewRecord) => void,
): Record<string, unknown>[] {
  switch (text) {
    case EMIT_MESSAGE:
      return [{ id: emitted(values as unknown as EmitValues, append) }];
    case EMIT_ROWS: {
      const columns = values.slice(0, 7) as unknown[][];
      return columns[0]!.map((_, row) => ({
        id: emitted(columns.map((column) => column[row]) as unknown as EmitValues, append),
      }));
    }
    case TRANSACTION_ID:
      return [{ xid: '1' }];
    case LOCK_TOPIC:
      return [{}];
    case REFUSE_PAYLOAD:
      throw new TidemarkError('PAYLOAD_INVALID', String(values[0]));
    default:
      throw new TidemarkError('CONSUMER_INVALID', `there is no SQL in memory: ${text.trim().slice(0, 100)}`, {
        remedy: 'Give handlers fakes by the harness option `transaction`, or test them with databaseHarness.',
      });
  }
}

function emitted(values: EmitValues, append: (record: NewRecord) => void): string {
  const [topic, key, value, headers, partition, messageId, schemaId] = values;
  const id = messageId ?? randomUUID();
  append({ topic, key, value, headers: headersOf(headers), partition, messageId: id, schemaId });
  return id;
}

function headersOf(text: string | null): RecordHeader[] {
  const stored = (text === null ? [] : JSON.parse(text)) as StoredHeader[];
  return stored.map(([name, value]) => {
    if (value === null) return [name, null];
    return [name, typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64')];
  });
}
