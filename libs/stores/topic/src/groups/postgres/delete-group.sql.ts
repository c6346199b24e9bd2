import type { Queryable } from '#libs/foundation/postgres';

/** Deletes a group with its offsets. Index: primary keys, by group. Lock: all its rows. */
export async function deleteGroup(tx: Queryable, groupId: number): Promise<void> {
  await tx.query('delete from log.consumer_group g where g.id = $1', [groupId]);
}
