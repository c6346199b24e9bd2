import type { Queryable } from '#libs/foundation/postgres';
import type { GroupPartition } from '../plan-rebalance.ts';

interface Row {
  topic_id: number;
  topic: string;
  partition: number;
  owner: string | null;
  target: string | null;
  assignment_epoch: string;
}

/** The assignment of a group. Index: primary key of group_partition. Locks: none; the caller holds the group. */
export async function readPartitions(tx: Queryable, groupId: number): Promise<GroupPartition[]> {
  const result = await tx.query<Row>(
    `select p.topic_id, t.name as topic, p.partition, p.owner, p.target, p.assignment_epoch
     from log.group_partition p join outbox.topic t on t.id = p.topic_id
     where p.group_id = $1
     order by t.name, p.partition`,
    [groupId],
  );
  return result.rows.map((row) => ({
    topicId: row.topic_id,
    topic: row.topic,
    partition: row.partition,
    owner: row.owner,
    target: row.target,
    assignmentEpoch: BigInt(row.assignment_epoch),
  }));
}
