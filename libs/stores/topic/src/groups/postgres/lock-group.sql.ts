import type { Queryable } from '#libs/foundation/postgres';

export interface LockedGroup {
  readonly id: number;
  readonly name: string;
  readonly epoch: bigint;
}

/**
 * The group, locked to the end of the transaction: changes of one assignment happen one after the other. Undefined when
 * there is no such group. Index: consumer_group(name). Lock: FOR UPDATE on its row.
 */
export async function lockGroup(tx: Queryable, name: string): Promise<LockedGroup | undefined> {
  const result = await tx.query<{ id: number; name: string; epoch: string }>(
    `select g.id, g.name, g.epoch from log.consumer_group g where g.name = $1 for update`,
    [name],
  );
  const row = result.rows[0];
  return row === undefined ? undefined : { id: row.id, name: row.name, epoch: BigInt(row.epoch) };
}
