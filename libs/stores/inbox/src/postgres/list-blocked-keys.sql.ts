import type { Queryable } from '#libs/foundation/postgres';
import type { BlockedKey, BlockedKeyPage } from '../parked.ts';

interface BlockedKeyRow {
  group_name: string;
  topic: string;
  key: Buffer;
  waiting_for: string | null;
  blocked_at: Date;
  parked: number;
}

/**
 * Blocked keys of a group, in the order of topic and hash. Indexes: the primary key of inbox.blocked_key, parked_by_key with at
 * most 1,000 entries per key. Locks: none. Runs with the rights of the owner.
 */
export async function listBlockedKeys(db: Queryable, group: string, page: BlockedKeyPage): Promise<BlockedKey[]> {
  const result = await db.query<BlockedKeyRow>(
    `select b.group_name, b.topic, b.key, b.waiting_for, b.blocked_at, p.parked
     from inbox.blocked_key b
     cross join lateral (
       select count(*)::integer as parked from (
         select from inbox.parked q where q.group_name = b.group_name and q.topic = b.topic and q.key_hash = b.key_hash limit 1000
       ) first
     ) p
     where b.group_name = $1 and ($2::text is null or (b.topic, b.key_hash) > ($2 collate "C", sha256($3)))
     order by b.topic, b.key_hash limit $4`,
    [group, page.after?.topic ?? null, page.after?.key ?? null, page.limit],
  );
  return result.rows.map((row) => ({
    group: row.group_name,
    topic: row.topic,
    key: row.key,
    waitingFor: row.waiting_for,
    blockedAt: row.blocked_at,
    parked: row.parked,
  }));
}
