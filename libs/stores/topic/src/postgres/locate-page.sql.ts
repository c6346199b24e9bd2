import type { Queryable } from '#libs/foundation/postgres';
import type { PlannableBatch } from '../page-plan.ts';

export interface PageLocation {
  readonly topicId: number;
  /** Partitions of the topic. */
  readonly partitions: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** Batches with records of the page, in order; of their positions only those of the page. */
  readonly batches: readonly PlannableBatch[];
}

interface Row {
  topic_id: number;
  partitions: number;
  start_offset: string;
  next_offset: string;
  bytes: string | null;
  records: number;
  placeholders: number;
  positions: string;
}

const OFFSET_MAX = 2n ** 63n - 1n;

/**
 * The records from `offset` on, at most `limit`: offsets are dense, so their batches are known without counting. One
 * statement with the ends of the partition, because a page is a round trip long. Undefined when there is no such topic.
 * Positions travel as text: parsing an array costs a reader more than all the rest of its page.
 * Indexes: topic_name_key, primary keys of log.head and log.batch (one descent, then forward). Locks: none.
 */
export async function locatePage(
  db: Queryable,
  topic: string,
  partition: number,
  offset: bigint,
  limit: number,
): Promise<PageLocation | undefined> {
  // Offsets come from outside: neither a sum nor a subscript may overflow, however far beyond the end they are.
  const beyond = offset + BigInt(limit);
  const end = beyond < OFFSET_MAX ? beyond : OFFSET_MAX;
  const result = await db.query<Row>(
    `select t.id as topic_id, t.partitions, coalesce(h.start_offset, 0) as start_offset, coalesce(h.next_offset, 0) as next_offset,
            b.bytes, b.records, b.placeholders, b.positions
     from outbox.topic t
     left join log.head h on h.topic_id = t.id and h.partition = $2
     left join lateral (
       select c.base_offset, c.bytes, c.records, c.placeholders,
              array_to_string(c.positions[least(greatest($3 - c.base_offset + 1, 1), c.records + 1):least($4 - c.base_offset, c.records)], ',') as positions
       from log.batch c
       where c.topic_id = t.id and c.partition = $2 and c.base_offset < $4
         and c.base_offset >= coalesce((select d.base_offset from log.batch d
                                        where d.topic_id = t.id and d.partition = $2 and d.base_offset <= $3
                                        order by d.base_offset desc limit 1), 0)
     ) b on true
     where t.name = $1
     order by b.base_offset`,
    [topic, partition, offset, end],
  );
  const first = result.rows[0];
  if (first === undefined) return undefined;
  return {
    topicId: first.topic_id,
    partitions: first.partitions,
    startOffset: BigInt(first.start_offset),
    endOffset: BigInt(first.next_offset),
    batches: result.rows
      .filter((row) => row.bytes !== null && row.positions !== '')
      .map((row) => ({
        meanBytes: Number(row.bytes) / row.records,
        positions: row.positions.split(','),
        placeholders: row.placeholders,
      })),
  };
}
