import type { Database } from '#libs/foundation/postgres';
import { lastPosition, makeRoom } from '../outbox/fill-outbox.ts';

/** Rows per statement: a transaction of a few hundred megabytes at most. */
const CHUNK_BYTES = 100_000_000;
const KEYS = 50_000;
/** Bytes of one item of an order: a third of it are random digits, so that it compresses about as JSON does. */
const ITEM_BYTES = 96;

/**
 * Adds orders of `payloadBytes` of JSON to the outbox as emit would have written them, much faster. Nobody else may write
 * meanwhile. Returns the last position.
 */
export async function fillOrders(
  db: Database,
  fill: { readonly topic: string; readonly messages: number; readonly payloadBytes: number },
): Promise<number> {
  await makeRoom(db, fill.messages);
  const chunk = Math.ceil(CHUNK_BYTES / fill.payloadBytes);
  let last = await lastPosition(db);
  for (let left = fill.messages; left > 0; left -= chunk) {
    const count = Math.min(chunk, left);
    await db.query(
      `insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
       select $1::bigint + n, t.id, null, null, clock_timestamp(), outbox.new_message_id(),
              convert_to('key-' || ($1::bigint + n) * 7919 % ${KEYS}, 'UTF8'), null,
              convert_to(left('{"order":' || $1 + n || ',"items":[' || items.text, $4::integer - 2) || '"}', 'UTF8')
       from outbox.topic t, generate_series(1, $2::integer) n
       cross join lateral (
         select string_agg('{"sku":"' || md5(($1::bigint + n)::text || ':' || i) || '","quantity":1,"currency":"EUR","name":"harbour lamp"}', ',') as text
         from generate_series(0, $4::integer / ${ITEM_BYTES}) i
       ) items
       where t.name = $3`,
      [last, count, fill.topic, fill.payloadBytes],
    );
    last += count;
    await db.query(`select setval('outbox.position', $1)`, [last]);
  }
  await db.query('vacuum (analyze, freeze) outbox.message');
  return last;
}
