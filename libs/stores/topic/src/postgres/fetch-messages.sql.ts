import type { Queryable } from '#libs/foundation/postgres';
import { headersOf, type TopicRecord } from '../record.ts';

/** A message without its place in a topic. */
export type StoredMessage = Omit<TopicRecord, 'topic' | 'partition' | 'offset'>;

type Row = [string, string, Buffer | null, Buffer | null, Parameters<typeof headersOf>[0], number | null, number];

const COLUMNS = `m.id, m.message_id, m.key, m.payload, m.headers, m.schema_id, date_part('epoch', m.created_at) * 1000`;

function messageOf([id, messageId, key, value, headers, schemaId, ms]: Row): StoredMessage {
  return { position: BigInt(id), messageId, key, value, headers: headersOf(headers), schemaId, time: new Date(ms) };
}

/** A message at its place. Spelled out: a spread per message shows in the time of a page. */
export function recordOf(message: StoredMessage, topic: string, partition: number, offset: bigint): TopicRecord {
  const { position, messageId, key, value, headers, schemaId, time } = message;
  return { topic, partition, offset, position, messageId, key, value, headers, schemaId, time };
}

/**
 * The messages at these positions, ascending; at least one position. The bounds are literals, so that the planner leaves
 * the other partitions of outbox.message out; the positions are in a sub-select, so that it does not estimate each of
 * them (8 ms for 5,000).
 * Index: primary key of the partitions that the range touches. Locks: none.
 */
export async function fetchMessages(db: Queryable, positions: readonly string[]): Promise<StoredMessage[]> {
  const first = positions[0]!;
  const last = positions.at(-1)!;
  const result = await db.query<Row>({
    rowMode: 'array',
    text: `select ${COLUMNS} from outbox.message m
           where m.id >= ${BigInt(first)} and m.id <= ${BigInt(last)} and m.id = any((select $1::bigint[])::bigint[]) order by m.id`,
    values: [`{${positions.join(',')}}`],
  });
  return result.rows.map(messageOf);
}

/**
 * Positions of the messages of one key in a topic after a position, in order, with their bytes; only what is in the log
 * already. Index: (topic_id, key, id) of each partition of outbox.message. Locks: none.
 */
export async function positionsOfKey(
  db: Queryable,
  topicId: number,
  key: Buffer,
  afterPosition: bigint,
  limit: number,
): Promise<{ position: string; bytes: number }[]> {
  const result = await db.query<{ position: string; bytes: number }>(
    `select m.id::text as position, coalesce(octet_length(m.payload), 0) + octet_length(m.key) + coalesce(
              case when pg_column_compression(m.headers) is null then pg_column_size(m.headers) else octet_length(m.headers::text) end, 0) as bytes
     from outbox.message m
     where m.topic_id = $1 and m.key = $2 and m.id > ${afterPosition}
       and m.id <= (select s.cursor from log.sequencer s)
     order by m.id limit ${limit}`,
    [topicId, key],
  );
  return result.rows;
}
