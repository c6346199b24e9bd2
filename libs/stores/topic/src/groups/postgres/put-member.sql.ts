import type { Queryable } from '#libs/foundation/postgres';
import type { JoinRequest } from '../ports.ts';

/**
 * Adds the member, or brings it up to date when its first call was answered to nobody. True when it is new.
 * Index: primary key of group_member. Lock: its row.
 */
export async function putMember(tx: Queryable, groupId: number, member: JoinRequest): Promise<boolean> {
  const result = await tx.query<{ added: boolean }>(
    `insert into log.group_member as m (group_id, member_id, client, topics, session_timeout_ms, handover_timeout_ms, instance_id)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (group_id, member_id) do update
       set client = excluded.client, topics = excluded.topics, session_timeout_ms = excluded.session_timeout_ms,
           handover_timeout_ms = excluded.handover_timeout_ms, instance_id = excluded.instance_id, last_seen = clock_timestamp()
     returning xmax = 0 as added`,
    [
      groupId,
      member.memberId,
      JSON.stringify(member.client),
      member.topics,
      member.sessionTimeoutMs,
      member.handoverTimeoutMs,
      member.instanceId ?? null,
    ],
  );
  return result.rows[0]?.added === true;
}
