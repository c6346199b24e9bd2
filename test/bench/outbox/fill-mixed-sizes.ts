import type { Database } from '#libs/foundation/postgres';
import { lastPosition, makeRoom } from './fill-outbox.ts';

const CHUNK = 50_000;

/**
 * Adds messages from 100 bytes to 900 kB: 97.5 % up to 1 kB, 2.4 % from 5 to 50 kB, 0.1 % of 900 kB, and in the middle a
 * run of large ones only (1 in 2,000 of all). Not compressed, so that they are as large on disk as on the wire. Two
 * million are about 6 GB. Nobody else may write meanwhile.
 */
export async function fillMixedSizes(
  db: Database,
  topic: string,
  messages: number,
  progress: (line: string) => void,
): Promise<void> {
  await makeRoom(db, messages);
  await db.query('alter table outbox.message alter column payload set storage external');
  const burst = { from: messages / 2, to: messages / 2 + messages / 2_000 };
  let last = await lastPosition(db);
  for (let done = 0; done < messages;) {
    const count = Math.min(CHUNK, messages - done);
    await db.query(
      `insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
       select $1::bigint + n, t.id, null, null, clock_timestamp(), outbox.new_message_id(), convert_to('key-' || n, 'UTF8'), null,
              convert_to(repeat('x', case
                when $5::bigint + n between $3::bigint and $4::bigint or n % 1000 = 7 then 900000
                when n % 1000 < 25 then 5000 + (n * 7919) % 45000
                else 100 + (n * 7919) % 900 end), 'UTF8')
       from outbox.topic t, generate_series(1, $2::integer) n where t.name = $6`,
      [last, count, burst.from, burst.to, done, topic],
    );
    last += count;
    done += count;
    await db.query(`select setval('outbox.position', $1)`, [last]);
    if (done % (10 * CHUNK) === 0) progress(`  ${done} of ${messages} messages written`);
  }
}
