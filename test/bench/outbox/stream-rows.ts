import type { Database } from '#libs/foundation/postgres';
import type { Run } from '../rounds.ts';

/**
 * The floor of everything that reads messages: all columns of the same rows, by id, in batches, with nothing done to
 * them. Rows come as arrays from a prepared statement, which is the fastest that pg has.
 */
export async function streamRows(db: Database, after: number, upTo: number, batch: number): Promise<Run> {
  const client = await db.connect();
  const startedAt = performance.now();
  let [last, units] = [after, 0];
  try {
    while (last < upTo) {
      const { rows } = await client.query<[string]>({
        name: 'stream-rows',
        rowMode: 'array',
        text: `select id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload
               from outbox.message where id > $1 and id <= $2 order by id limit $3`,
        values: [last, upTo, batch],
      });
      if (rows.length === 0) break;
      last = Number(rows.at(-1)![0]);
      units += rows.length;
    }
  } finally {
    client.release();
  }
  return { units, ms: performance.now() - startedAt };
}
