import type pg from 'pg';

/** What a handler does: one row in its transaction, nothing, or the rows of up to BATCH messages in one statement. */
export type Effect = 'row' | 'nothing' | 'rows';

/** Messages of a batch at most, for all sides. */
export const BATCH = 100;

export async function createEffects(db: Pick<pg.Pool, 'query'>): Promise<void> {
  await db.query('create table effect (n bigint not null)');
}

/** The same statement for every side, on the transaction that the side has. */
export async function takeEffect(
  tx: Pick<pg.PoolClient, 'query'>,
  effect: Effect,
  ns: readonly number[],
): Promise<void> {
  if (effect === 'row') await tx.query('insert into effect (n) values ($1)', [ns[0]]);
  if (effect === 'rows') await tx.query('insert into effect (n) select unnest($1::bigint[])', [ns]);
}

/** The transaction of those who have to bring their own; none where there is nothing to do in it. */
export async function takeEffectAlone(pool: pg.Pool, effect: Effect, ns: readonly number[]): Promise<void> {
  if (effect === 'nothing') return;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await takeEffect(client, effect, ns);
    await client.query('commit');
  } finally {
    // An error ends the measurement, and the connection with it.
    client.release();
  }
}
