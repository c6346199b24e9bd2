import type { Queryable } from '#libs/foundation/postgres';
import { batchesOf, type BatchRow } from './located-batches.ts';
import type { PlannableBatch } from '../page-plan.ts';

export interface PageLocation {
  readonly topicId: number;
  /** Partitions of the topic. */
  readonly partitions: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** Batches with records of the page, in order. */
  readonly batches: readonly PlannableBatch[];
}

interface Row extends BatchRow {
  readonly topic_id: number;
  readonly partitions: number;
  readonly start_offset: string;
  readonly next_offset: string;
}

const OFFSET_MAX = 2n ** 63n - 1n;

/**
 * The records of a partition from `offset` on, at most `limit`, with the ends of the partition: one statement, because a
 * page is a round trip long. Undefined when there is no such topic.
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
  const result = await db.query<Row>('select * from log.locate_page($1, $2, $3, $4)', [topic, partition, offset, end]);
  const first = result.rows[0];
  if (first === undefined) return undefined;
  return {
    topicId: first.topic_id,
    partitions: first.partitions,
    startOffset: BigInt(first.start_offset),
    endOffset: BigInt(first.next_offset),
    batches: batchesOf(result.rows),
  };
}
