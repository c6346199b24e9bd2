import type { Queryable } from '#libs/foundation/postgres';

/**
 * Marks messages as handled by the group and gives those that were not yet, in the transaction of `tx`; waits for transactions
 * that are handling one of them. Index: the unique one of each partition of inbox.handled. Locks: the new rows, ids ascending
 * (inbox.mark_handled says what else).
 */
export async function markHandled(tx: Queryable, group: string, messageIds: readonly string[]): Promise<string[]> {
  const result = await tx.query<{ id: string }>('select inbox.mark_handled($1, $2::uuid[]) as id', [group, messageIds]);
  return result.rows.map((row) => row.id);
}
