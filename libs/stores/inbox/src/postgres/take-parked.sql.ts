import type { Queryable } from '#libs/foundation/postgres';
import type { ParkedRecord } from '../parked.ts';
import { parkedHeaders, type StoredHeader } from '../stored-headers.ts';

interface ParkedRow {
  topic: string;
  partition: number;
  offset: string;
  position: string;
  message_id: string;
  schema_id: number | null;
  time_ms: string | null;
  parked_at: Date;
  key: Buffer;
  headers: StoredHeader[] | null;
  payload: Buffer | null;
}

/**
 * Takes the first record of a key that is due. Indexes: blocked_key_due, parked_by_key. Locks the key until the transaction ends,
 * and passes over keys that are locked.
 */
export async function takeParked(
  tx: Queryable,
  group: string,
  topics: readonly string[],
): Promise<ParkedRecord | null> {
  const result = await tx.query<ParkedRow>(
    `select p.topic, p.partition, p."offset", p."position", p.message_id, p.schema_id, p.time_ms, p.parked_at, p.key, p.headers, p.payload
     from inbox.take_parked($1, $2) p`,
    [group, topics],
  );
  const row = result.rows[0];
  return row === undefined ? null : parkedOf(row);
}

function parkedOf(row: ParkedRow): ParkedRecord {
  return {
    record: {
      topic: row.topic,
      partition: row.partition,
      offset: BigInt(row.offset),
      position: BigInt(row.position),
      messageId: row.message_id,
      key: row.key,
      value: row.payload,
      headers: parkedHeaders(row.headers),
      schemaId: row.schema_id,
      time: new Date(row.time_ms === null ? NaN : Number(row.time_ms)),
    },
    parkedAt: row.parked_at,
  };
}
