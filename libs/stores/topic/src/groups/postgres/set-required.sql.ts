import type { Queryable } from '#libs/foundation/postgres';

/** Says whether a group holds back retention; false when there is no such group. Index: consumer_group(name). Lock: its row. */
export async function setRequired(db: Queryable, name: string, required: boolean): Promise<boolean> {
  const result = await db.query('update log.consumer_group g set required = $2 where g.name = $1', [name, required]);
  return result.rowCount === 1;
}
