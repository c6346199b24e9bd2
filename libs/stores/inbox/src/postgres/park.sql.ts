import type { Queryable } from '#libs/foundation/postgres';
import type { ParkableRecord } from '../parked.ts';
import { storedHeaders } from '../stored-headers.ts';

/**
 * Keeps a record behind its key; does nothing when it is there already. Indexes: the primary key of inbox.blocked_key, the unique
 * one of inbox.parked. Locks the key FOR KEY SHARE, and the new row.
 */
export async function park(tx: Queryable, group: string, record: ParkableRecord): Promise<void> {
  const row = {
    group_name: group,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
    position: record.position.toString(),
    message_id: record.messageId,
    schema_id: record.schemaId,
    time_ms: record.time.getTime(),
    headers: storedHeaders(record.headers),
  };
  await tx.query('select inbox.park($1::jsonb, $2, $3)', [JSON.stringify(row), record.key, record.value]);
}
