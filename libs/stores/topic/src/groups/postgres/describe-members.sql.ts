import type { Queryable } from '#libs/foundation/postgres';
import type { GroupMemberStatus } from '../group-status.ts';

interface Row {
  member_id: string;
  instance_id: string | null;
  client: Record<string, string | number>;
  topics: string[];
  joined_at: Date;
  last_seen: Date;
  live: boolean;
}

/** The members of a group, in order of joining. Indexes: consumer_group(name), primary key of group_member. Locks: none. */
export async function describeMembers(db: Queryable, group: string): Promise<GroupMemberStatus[]> {
  const result = await db.query<Row>(
    `select m.member_id, m.instance_id, m.client, m.topics, m.joined_at, m.last_seen,
            m.last_seen + make_interval(secs => m.session_timeout_ms / 1000.0) >= clock_timestamp() as live
     from log.group_member m
     where m.group_id = (select g.id from log.consumer_group g where g.name = $1)
     order by m.joined_at, m.member_id`,
    [group],
  );
  return result.rows.map((row) => ({
    memberId: row.member_id,
    instanceId: row.instance_id,
    client: row.client,
    topics: row.topics,
    joinedAt: row.joined_at,
    lastSeenAt: row.last_seen,
    live: row.live,
  }));
}
