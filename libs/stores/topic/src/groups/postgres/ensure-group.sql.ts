import type { Queryable } from '#libs/foundation/postgres';
import type { GroupStart, StartOffset } from '../group.ts';

/**
 * Creates the group unless it exists; true when it was created. Index: consumer_group(name). Waits for a transaction
 * that is creating the same group.
 */
export async function ensureGroup(db: Queryable, name: string, start: GroupStart, required: boolean): Promise<boolean> {
  const result = await db.query(
    `insert into log.consumer_group (name, start_from, start_time, start_offsets, required) values ($1, $2, $3, $4, $5)
     on conflict (name) do nothing`,
    [
      name,
      start.from,
      start.from === 'time' ? start.time : null,
      start.from === 'offset' ? offsetsJson(start.offsets) : null,
      required,
    ],
  );
  return result.rowCount === 1;
}

/** Offsets as text: JSON's numbers end at 2^53. */
function offsetsJson(offsets: readonly StartOffset[]): string {
  return JSON.stringify(
    offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset.toString() })),
  );
}
