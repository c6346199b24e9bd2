import type { Queryable } from '#libs/foundation/postgres';

/**
 * Removes the members that are silent for too long, or keep what they were asked to release for too long; answers how
 * many. A row that a heartbeat is just touching is waited for and looked at again. Time is the database's.
 * Indexes: primary keys of group_member and group_partition. Lock: the rows removed.
 */
export async function expireMembers(tx: Queryable, groupId: number): Promise<number> {
  const result = await tx.query(
    `delete from log.group_member m
     where m.group_id = $1
       and (m.last_seen + make_interval(secs => m.session_timeout_ms / 1000.0) < clock_timestamp()
         or exists (select 1 from log.group_partition p
                    where p.group_id = m.group_id and p.owner = m.member_id
                      and p.revoking_since + make_interval(secs => m.handover_timeout_ms / 1000.0) < clock_timestamp()))`,
    [groupId],
  );
  return result.rowCount ?? 0;
}
