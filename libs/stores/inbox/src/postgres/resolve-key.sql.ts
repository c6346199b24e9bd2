import type { Queryable } from '#libs/foundation/postgres';
import type { KeyOfTopic } from '../parked.ts';

/** What was given up, and how much went on; as the audit shows it. */
export interface ResolvedKey {
  readonly topic: string;
  /** In base64. */
  readonly key: string;
  /** The message that was given up; null when nothing was waited for any more. */
  readonly messageId: string | null;
  readonly reason: string;
  readonly parked: number;
}

/**
 * Gives up, by hand, the message that a key waits for. Writes no audit entry: the caller does, in the same transaction
 * (inbox.resolve_key writes one by itself for people who call it from SQL). Throws KEY_NOT_BLOCKED, INBOX_INVALID for a reason
 * that is not 1 to 1,000 characters long. Index: the primary key of inbox.blocked_key. Locks its row. Rights of the owner.
 */
export async function resolveKey(
  tx: Queryable,
  { group, topic, key }: KeyOfTopic,
  reason: string,
): Promise<ResolvedKey> {
  const result = await tx.query<{ resolved: ResolvedKey }>(
    'select inbox.resolve_key($1, $2, $3, $4, null) as resolved',
    [group, topic, key, reason],
  );
  return result.rows[0]!.resolved;
}
