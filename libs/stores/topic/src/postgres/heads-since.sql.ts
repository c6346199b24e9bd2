import type { Queryable } from '#libs/foundation/postgres';

/** A partition that got records: they are there from startOffset (inclusive) to endOffset (exclusive). */
export interface MovedHead {
  readonly topicId: number;
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/**
 * Partitions that got records behind a cursor, and the cursor of the same moment; 0 asks for all. Reads log.head whole: a
 * page per hundred partitions, and no index, because each step would have to write it. Locks: none.
 */
export async function headsSince(db: Queryable, since: bigint): Promise<{ cursor: bigint; heads: MovedHead[] }> {
  const result = await db.query<[string, number | null, number, string, string]>({
    rowMode: 'array',
    text: `select s.cursor, h.topic_id, h.partition, h.start_offset, h.next_offset
           from (select * from log.sequencer limit 1) s left join log.head h on h.last_position > $1`,
    values: [since],
  });
  const heads: MovedHead[] = [];
  for (const [, topicId, partition, start, end] of result.rows) {
    if (topicId !== null) heads.push({ topicId, partition, startOffset: BigInt(start), endOffset: BigInt(end) });
  }
  return { cursor: BigInt(result.rows[0]![0]), heads };
}
