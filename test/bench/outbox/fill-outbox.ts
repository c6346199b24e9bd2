import type { Database } from '#libs/foundation/postgres';

export interface Fill {
  readonly topic: string;
  readonly messages: number;
  readonly payloadBytes: number;
  readonly keys: number;
}

/** Rows per statement: a transaction of a few hundred megabytes at most. */
const CHUNK = 250_000;

/**
 * Adds messages to the outbox as emit would have written them, much faster: positions follow the last one drawn, then the
 * sequence is moved behind them. Nobody else may write meanwhile. Returns the last position.
 */
export async function fillOutbox(db: Database, fill: Fill): Promise<number> {
  await makeRoom(db, fill.messages);
  let last = await lastPosition(db);
  for (let left = fill.messages; left > 0; left -= CHUNK) {
    const count = Math.min(CHUNK, left);
    await db.query(
      `insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
       select $1::bigint + n, t.id, null, null, clock_timestamp(), outbox.new_message_id(),
              convert_to('key-' || ($1 + n) * 7919 % $4::bigint, 'UTF8'), null,
              convert_to(rpad('{"n":' || $1 + n || ',"text":"', $5::integer - 2, 'tidemark ') || '"}', 'UTF8')
       from outbox.topic t, generate_series(1, $2::integer) n where t.name = $3`,
      [last, count, fill.topic, fill.keys, fill.payloadBytes],
    );
    last += count;
    await db.query(`select setval('outbox.position', $1)`, [last]);
  }
  await db.query('vacuum (analyze, freeze) outbox.message');
  return last;
}

/** Partitions for so many messages more. */
export async function makeRoom(db: Database, messages: number): Promise<void> {
  await db.query(
    'select outbox.ensure_partitions((select 1 + ceil($1::numeric / s.partition_size)::integer from outbox.settings s))',
    [messages],
  );
}

export async function lastPosition(db: Database): Promise<number> {
  const result = await db.query<{ last: string }>('select last_value as last from outbox.position');
  return Number(result.rows[0]!.last);
}
