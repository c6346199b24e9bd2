import type { Database } from '#libs/foundation/postgres';

/** A record of a retry topic, and the effect of its message. */
export interface Retry {
  readonly group: string;
  readonly messageId: string;
  readonly dueAt: Date;
  /** Null until it is there. */
  readonly at: Date | null;
  readonly attempt: number | null;
}

/** Everything that was ever sent to the retry topics of a tier (`retry`, `retry.2`), due or not. */
export async function readRetries(db: Database, tier: string): Promise<Retry[]> {
  const { rows } = await db.query<Retry>(
    `select split_part(t.name, '.', 2) as "group", m.message_id as "messageId", (d.pair ->> 1)::timestamptz as "dueAt", e.at, e.attempt
     from outbox.message m
     join outbox.topic t on t.id = m.topic_id
     cross join lateral jsonb_array_elements(m.headers) d (pair)
     left join effect e on e.message_id = m.message_id and e.group_name = split_part(t.name, '.', 2)
     where t.name like 'orders.%.' || $1 and d.pair ->> 0 = 'tidemark-due-at'
     order by m.id`,
    [tier],
  );
  return rows;
}
