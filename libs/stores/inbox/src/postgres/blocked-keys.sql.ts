import type { Queryable } from '#libs/foundation/postgres';
import type { KeyOfTopic } from '../parked.ts';

/**
 * Whether the messages of each key have to be parked. Index: the primary key of inbox.blocked_key. Locks those that are blocked
 * FOR KEY SHARE, in the order of their hashes; waits for a transaction that is freeing one of them.
 */
export async function holdBlocked(
  tx: Queryable,
  group: string,
  topic: string,
  keys: readonly Buffer[],
): Promise<boolean[]> {
  const result = await tx.query<{ blocked: boolean[] }>('select inbox.hold_blocked($1, $2, $3::bytea[]) as blocked', [
    group,
    topic,
    keys,
  ]);
  return result.rows[0]!.blocked;
}

/** Makes the messages of a key wait. Index: the primary key of inbox.blocked_key. Locks its row. */
export async function blockKey(tx: Queryable, { group, topic, key }: KeyOfTopic, messageId: string): Promise<void> {
  await tx.query('select inbox.block_key($1, $2, $3, $4)', [group, topic, key, messageId]);
}

/**
 * Lets go on what waits for the message. Index: the primary key of inbox.blocked_key. Locks its row; never waits for those who
 * park behind it.
 */
export async function settleKey(tx: Queryable, { group, topic, key }: KeyOfTopic, messageId: string): Promise<void> {
  await tx.query('select inbox.settle_key($1, $2, $3, $4)', [group, topic, key, messageId]);
}
