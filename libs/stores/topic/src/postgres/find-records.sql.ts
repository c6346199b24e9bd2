import type { Queryable } from '#libs/foundation/postgres';

export interface RecordPlace {
  readonly position: string;
  readonly topicId: number;
  readonly topic: string;
  /** Null when the message is not in the log yet. */
  readonly partition: number | null;
  readonly offset: bigint | null;
  readonly placeholder: { readonly reason: string; readonly detail: string } | null;
}

interface PlaceRow {
  position: string;
  topic_id: number;
  topic: string;
  partition: number | null;
  offset: string | null;
  reason: string | null;
  detail: string | null;
}

function placeOf(row: PlaceRow): RecordPlace {
  return {
    position: row.position,
    topicId: row.topic_id,
    topic: row.topic,
    partition: row.partition,
    offset: row.offset === null ? null : BigInt(row.offset),
    placeholder: row.reason === null ? null : { reason: row.reason, detail: row.detail ?? '' },
  };
}

// A message at position p is in the first step of its topic that is not below p; that step has a few batches, one per
// partition, and one of them holds p.
const PLACE = `
  select m.id::text as position, m.topic_id, t.name as topic, found.partition, found."offset"::text, ph.reason, ph.detail
  from messages m
  join outbox.topic t on t.id = m.topic_id
  left join lateral (
    select b.partition, b.base_offset + array_position(b.positions, m.id) - 1 as "offset"
    from log.batch b
    where b.topic_id = m.topic_id
      and b.step = (select min(s.step) from log.batch s where s.topic_id = m.topic_id and s.step >= m.id)
      and m.id = any(b.positions)
  ) found on true
  left join log.placeholder ph on ph.topic_id = m.topic_id and ph.partition = found.partition and ph."offset" = found."offset"
  order by m.id`;

/** Where the messages at these positions are. Indexes: primary key of outbox.message, batch_topic_step. Locks: none. */
export async function placesOfPositions(db: Queryable, positions: readonly string[]): Promise<RecordPlace[]> {
  const result = await db.query<PlaceRow>(
    `with messages as (select m.id, m.topic_id from outbox.message m where m.id = any($1::bigint[])) ${PLACE}`,
    [`{${positions.join(',')}}`],
  );
  return result.rows.map(placeOf);
}

/** Where every copy of a message is, at most 100. Indexes: message_id of each partition, batch_topic_step. Locks: none. */
export async function placesOfMessage(db: Queryable, messageId: string): Promise<RecordPlace[]> {
  const result = await db.query<PlaceRow>(
    `with messages as (select m.id, m.topic_id from outbox.message m where m.message_id = $1 order by m.id limit 100) ${PLACE}`,
    [messageId],
  );
  return result.rows.map(placeOf);
}
