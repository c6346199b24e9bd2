import type { Queryable } from '#libs/foundation/postgres';
import type { Subscriber } from '../subscriber.ts';

/** The members of a group with their subscriptions. Index: primary key of group_member. Locks: none. */
export async function readMembers(tx: Queryable, groupId: number): Promise<Subscriber[]> {
  const result = await tx.query<{ member_id: string; topics: string[] }>(
    'select m.member_id, m.topics from log.group_member m where m.group_id = $1 order by m.member_id',
    [groupId],
  );
  return result.rows.map((row) => ({ memberId: row.member_id, topics: row.topics }));
}
