import type { Queryable } from '#libs/foundation/postgres';

/**
 * Deletes at most `limit` failures that nobody works on and whose last change is longer ago than they are kept, oldest first;
 * returns how many. One that a key waits for stays. Indexes: failure_by_age, blocked_key_by_message. Locks the deleted rows, and
 * passes over those that are locked.
 */
export async function forgetFailures(db: Queryable, limit: number): Promise<number> {
  const result = await db.query(
    `delete from inbox.failure f where f.id in (
       select o.id from inbox.failure o
       where o.state <> 'retrying' and o.changed_at < clock_timestamp() - (select s.failures_keep_ms from inbox.settings s) * interval '1 ms'
         and not exists (select from inbox.blocked_key b where b.group_name = o.group_name and b.waiting_for = o.message_id)
       order by o.changed_at limit $1 for update skip locked)`,
    [limit],
  );
  return result.rowCount ?? 0;
}
