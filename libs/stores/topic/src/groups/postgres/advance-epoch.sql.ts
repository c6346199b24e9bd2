import type { Queryable } from '#libs/foundation/postgres';

/** The next epoch of a group whose membership or targets have changed. Index: primary key. Lock: its row, held already. */
export async function advanceEpoch(tx: Queryable, groupId: number): Promise<bigint> {
  const result = await tx.query<{ epoch: string }>(
    'update log.consumer_group g set epoch = g.epoch + 1 where g.id = $1 returning g.epoch',
    [groupId],
  );
  return BigInt(result.rows[0]!.epoch);
}
