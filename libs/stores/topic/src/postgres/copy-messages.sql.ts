import type { CopiedRows, CopySource } from '#libs/foundation/postgres';
import { headersOf } from '../record.ts';
import type { StoredMessage } from './fetch-messages.sql.ts';

/** Of a row beside key, payload and headers. */
const ROW_BYTES = 120;

/**
 * The messages at these positions, ascending, in the binary format: half the bytes of the text of bytea columns, and no
 * decoding of them, which is most of what a page costs otherwise. `first` and `last` bound the positions, which come in any order.
 * Index: primary key of the partitions that the range touches; see fetchMessages for the form of the conditions. Locks: none.
 */
export async function copyMessages(
  db: CopySource,
  wanted: {
    readonly first: bigint;
    readonly last: bigint;
    readonly positions: readonly string[];
    readonly bytes: number;
  },
): Promise<{ next(): StoredMessage | undefined }> {
  const { first, last, positions, bytes } = wanted;
  const rows = await db.copyOut(
    `select m.id, m.message_id::text, m.key, m.payload, m.headers::text, m.schema_id, date_part('epoch', m.created_at) * 1000
     from outbox.message m
     where m.id >= ${first} and m.id <= ${last} and m.id = any((select '{${positions.join(',')}}'::bigint[])::bigint[]) order by m.id`,
    Math.ceil(bytes) + positions.length * ROW_BYTES,
  );
  return { next: () => (rows.next() ? messageOf(rows) : undefined) };
}

function messageOf(rows: CopiedRows): StoredMessage {
  const position = rows.int64();
  const messageId = rows.ascii();
  const key = rows.bytes();
  const value = rows.bytes();
  const headers = rows.text();
  const schemaId = rows.int32();
  const time = new Date(rows.float64());
  return {
    position,
    messageId,
    key,
    value,
    headers: headersOf(headers === null ? null : JSON.parse(headers)),
    schemaId,
    time,
  };
}
