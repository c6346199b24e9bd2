import type { Queryable } from '#libs/foundation/postgres';
import { type GroupSummary, groupStateOf } from '../group-status.ts';

interface Row {
  name: string;
  epoch: string;
  required: boolean;
  created_at: Date;
  live_members: number;
  partitions: number;
  unsettled: number;
  lag_records: string;
}

/**
 * Groups after a name, in order of name, at most `limit`; or the one group `only`. Indexes: consumer_group(name), primary
 * keys of the others by group. Locks: none.
 */
export async function listGroups(
  db: Queryable,
  page: { after?: string; only?: string; limit: number },
): Promise<GroupSummary[]> {
  const result = await db.query<Row>(
    `select g.name, g.epoch, g.required, g.created_at, m.live_members, p.partitions, p.unsettled, p.lag_records
     from (select * from log.consumer_group c
           where ($1::text is null or c.name > $1) and ($2::text is null or c.name = $2)
           order by c.name limit $3) g
     cross join lateral (
       select count(*)::integer as live_members from log.group_member m
       where m.group_id = g.id and m.last_seen + make_interval(secs => m.session_timeout_ms / 1000.0) >= clock_timestamp()
     ) m
     cross join lateral (
       select count(*)::integer as partitions,
              (count(*) filter (where p.owner is distinct from p.target))::integer as unsettled,
              coalesce(sum(greatest(h.next_offset - greatest(o.next_offset, h.start_offset), 0)), 0)::bigint as lag_records
       from log.group_partition p
       join log.group_offset o on o.group_id = p.group_id and o.topic_id = p.topic_id and o.partition = p.partition
       left join log.head h on h.topic_id = p.topic_id and h.partition = p.partition
       where p.group_id = g.id
     ) p
     order by g.name`,
    [page.after ?? null, page.only ?? null, page.limit],
  );
  return result.rows.map((row) => ({
    name: row.name,
    state: groupStateOf(row.live_members, row.unsettled),
    epoch: BigInt(row.epoch),
    required: row.required,
    liveMembers: row.live_members,
    partitions: row.partitions,
    lagRecords: BigInt(row.lag_records),
    createdAt: row.created_at,
  }));
}
