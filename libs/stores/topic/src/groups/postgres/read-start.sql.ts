import type { Queryable } from '#libs/foundation/postgres';
import type { GroupStart } from '../group.ts';

interface Row {
  start_from: GroupStart['from'];
  start_time: Date | null;
  start_offsets: { topic: string; partition: number; offset: string }[] | null;
}

/** Where a group starts in a topic that it has not read before. Index: primary key. Locks: none; the caller holds the group. */
export async function readStart(tx: Queryable, groupId: number): Promise<GroupStart> {
  const result = await tx.query<Row>(
    'select g.start_from, g.start_time, g.start_offsets from log.consumer_group g where g.id = $1',
    [groupId],
  );
  const { start_from: from, start_time: time, start_offsets: offsets } = result.rows[0]!;
  if (from === 'time') return { from, time: time! };
  if (from === 'offset') return { from, offsets: offsets!.map((of) => ({ ...of, offset: BigInt(of.offset) })) };
  return { from };
}
