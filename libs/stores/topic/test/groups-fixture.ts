import { randomUUID } from 'node:crypto';
import type { Database } from '#libs/foundation/postgres';
import type { GroupView, OffsetCommit } from '../src/groups/group.ts';
import type { JoinRequest } from '../src/groups/ports.ts';

export function joinRequest(group: string, topics: readonly string[], more: Partial<JoinRequest> = {}): JoinRequest {
  return {
    group,
    topics,
    memberId: randomUUID(),
    client: { host: 'test' },
    sessionTimeoutMs: 60_000,
    handoverTimeoutMs: 60_000,
    start: { from: 'earliest' },
    ...more,
  };
}

/** Makes a member look silent for longer than its session timeout, as the clock of the database sees it. */
export async function silence(db: Database, memberId: string): Promise<void> {
  await db.query(`update log.group_member set last_seen = last_seen - interval '1 day' where member_id = $1`, [
    memberId,
  ]);
}

/** Emits messages to one partition of a topic. */
export async function emit(db: Database, topic: string, partition: number, count: number): Promise<void> {
  await db.query(`select outbox.emit($1, null, to_jsonb(n), null, $2) from generate_series(1, $3::integer) n`, [
    topic,
    partition,
    count,
  ]);
}

export function partitionsOf(view: GroupView): string[] {
  return view.owned.map((owned) => `${owned.topic}/${owned.partition}`);
}

/** The commit of one partition that the view says is owned. */
export function commitOf(view: GroupView, partition: number, nextOffset: bigint): OffsetCommit {
  const owned = view.owned.find((candidate) => candidate.partition === partition)!;
  return { topic: owned.topic, partition, assignmentEpoch: owned.assignmentEpoch, nextOffset };
}

/** What a refused call changed: nothing, if this is the same before and after. */
export async function storedOffsets(db: Database, group: string): Promise<unknown[]> {
  const result = await db.query(
    `select o.topic_id, o.partition, o.next_offset, o.metadata, o.committed_at, o.committed_by from log.group_offset o
     join log.consumer_group g on g.id = o.group_id where g.name = $1 order by 1, 2`,
    [group],
  );
  return result.rows;
}
