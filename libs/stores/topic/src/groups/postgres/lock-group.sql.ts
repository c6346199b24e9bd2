import type { Queryable } from '#libs/foundation/postgres';
import type { GroupStart } from '../group.ts';

export interface LockedGroup {
  readonly id: number;
  readonly name: string;
  readonly epoch: bigint;
  readonly start: GroupStart;
}

interface Row {
  id: number;
  name: string;
  epoch: string;
  start_from: GroupStart['from'];
  start_time: Date | null;
}

/**
 * The group, locked to the end of the transaction: changes of one assignment happen one after the other. Undefined when
 * there is no such group. Index: consumer_group(name). Lock: FOR UPDATE on its row.
 */
export async function lockGroup(tx: Queryable, name: string): Promise<LockedGroup | undefined> {
  const result = await tx.query<Row>(
    `select g.id, g.name, g.epoch, g.start_from, g.start_time from log.consumer_group g where g.name = $1 for update`,
    [name],
  );
  const row = result.rows[0];
  if (row === undefined) return undefined;
  const start: GroupStart =
    row.start_from === 'time' ? { from: 'time', time: row.start_time! } : { from: row.start_from };
  return { id: row.id, name: row.name, epoch: BigInt(row.epoch), start };
}
