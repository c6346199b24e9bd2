import type { Queryable } from '#libs/foundation/postgres';
import type { OwnedPartition } from '../group.ts';
import type { TopicPartition } from '../topic-partition.ts';

export interface MemberAssignment {
  readonly owned: OwnedPartition[];
  readonly revoke: TopicPartition[];
  readonly waiting: TopicPartition[];
}

interface Row {
  topic: string;
  partition: number;
  owner: string | null;
  target: string | null;
  assignment_epoch: string;
  next_offset: string;
}

/** What a member owns, shall release, and waits for. Indexes: primary keys of group_partition and group_offset. Locks: none. */
export async function readAssignment(tx: Queryable, groupId: number, memberId: string): Promise<MemberAssignment> {
  const result = await tx.query<Row>(
    `select t.name as topic, p.partition, p.owner, p.target, p.assignment_epoch, o.next_offset
     from log.group_partition p
     join log.group_offset o on o.group_id = p.group_id and o.topic_id = p.topic_id and o.partition = p.partition
     join outbox.topic t on t.id = p.topic_id
     where p.group_id = $1 and (p.owner = $2 or p.target = $2)
     order by t.name, p.partition`,
    [groupId, memberId],
  );
  const owned = result.rows.filter((row) => row.owner === memberId);
  return {
    owned: owned.map((row) => ({
      topic: row.topic,
      partition: row.partition,
      assignmentEpoch: BigInt(row.assignment_epoch),
      nextOffset: BigInt(row.next_offset),
    })),
    revoke: owned.filter((row) => row.target !== memberId).map(placeOf),
    waiting: result.rows.filter((row) => row.owner !== memberId).map(placeOf),
  };
}

function placeOf(row: Row): TopicPartition {
  return { topic: row.topic, partition: row.partition };
}
