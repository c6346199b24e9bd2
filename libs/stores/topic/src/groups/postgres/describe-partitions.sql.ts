import type { Queryable } from '#libs/foundation/postgres';
import type { GroupPartitionStatus } from '../group-status.ts';
import { handoverStateOf } from '../handover.ts';

interface Row {
  topic: string;
  partition: number;
  owner: string | null;
  target: string | null;
  committed_offset: string;
  committed_at: Date | null;
  metadata: string | null;
  end_offset: string;
  lag_records: string;
  lag_seconds: number | null;
}

/**
 * The partitions of a group with their lag. The age of the oldest uncommitted record is that of the first record of its
 * batch. Indexes: consumer_group(name), primary keys; per lagging partition one descent of that of log.batch. Locks: none.
 */
export async function describePartitions(db: Queryable, group: string): Promise<GroupPartitionStatus[]> {
  const result = await db.query<Row>(
    `select t.name as topic, p.partition, p.owner, p.target, o.next_offset as committed_offset, o.committed_at, o.metadata,
            n.end_offset, n.lag_records, date_part('epoch', clock_timestamp() - b.first_time) as lag_seconds
     from log.group_partition p
     join log.group_offset o on o.group_id = p.group_id and o.topic_id = p.topic_id and o.partition = p.partition
     join outbox.topic t on t.id = p.topic_id
     left join log.head h on h.topic_id = p.topic_id and h.partition = p.partition
     cross join lateral (
       select coalesce(h.next_offset, 0) as end_offset, greatest(o.next_offset, coalesce(h.start_offset, 0)) as first_offset,
              greatest(coalesce(h.next_offset, 0) - greatest(o.next_offset, coalesce(h.start_offset, 0)), 0) as lag_records
     ) n
     left join lateral (
       select b.first_time from log.batch b
       where n.lag_records > 0 and b.topic_id = p.topic_id and b.partition = p.partition and b.base_offset <= n.first_offset
       order by b.base_offset desc limit 1
     ) b on true
     where p.group_id = (select g.id from log.consumer_group g where g.name = $1)
     order by t.name, p.partition`,
    [group],
  );
  return result.rows.map((row) => ({
    topic: row.topic,
    partition: row.partition,
    state: handoverStateOf(row.owner, row.target),
    owner: row.owner,
    target: row.target,
    committedOffset: BigInt(row.committed_offset),
    committedAt: row.committed_at,
    metadata: row.metadata,
    endOffset: BigInt(row.end_offset),
    lagRecords: BigInt(row.lag_records),
    lagSeconds: row.lag_seconds,
  }));
}
