import type { Queryable } from '#libs/foundation/postgres';

/**
 * Deletes at most `limit` answers that are older than the limit, oldest first; gives how many. Index:
 * idempotency_by_age. Locks the deleted rows and skips those that a repeat is replacing at the moment.
 */
export async function deleteExpiredAnswers(db: Queryable, keptHours: number, limit: number): Promise<number> {
  const result = await db.query(
    `delete from audit.idempotency
      where (actor, key) in (
        select actor, key from audit.idempotency
         where created_at <= now() - make_interval(hours => $1)
         order by created_at
         limit $2
           for update skip locked)`,
    [keptHours, limit],
  );
  return result.rowCount ?? 0;
}
