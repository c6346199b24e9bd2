import type { Queryable } from '#libs/foundation/postgres';
import type { GroupStart } from '../group.ts';

/**
 * Creates the group unless it exists; true when it was created. Index: consumer_group(name). Waits for a transaction
 * that is creating the same group.
 */
export async function ensureGroup(db: Queryable, name: string, start: GroupStart, required: boolean): Promise<boolean> {
  const result = await db.query(
    `insert into log.consumer_group (name, start_from, start_time, required) values ($1, $2, $3, $4)
     on conflict (name) do nothing`,
    [name, start.from, start.from === 'time' ? start.time : null, required],
  );
  return result.rowCount === 1;
}
