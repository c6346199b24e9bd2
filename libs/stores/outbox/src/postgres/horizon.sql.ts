import type { Queryable } from '#libs/foundation/postgres';

export interface Horizon {
  /** Every message up to this position is committed and visible to the next statement, or never will be. */
  readonly horizon: bigint;
  /** First position of the next partition of outbox.message after the cursor: a step of the sequencer ends before it. */
  readonly partitionEnd: bigint | null;
  /** Changes whenever a topic is created or altered. */
  readonly topicsRevision: string;
}

/** Index: primary key of outbox.message_partition; outbox.topic is read whole (a page or two). Locks: none. */
export async function readHorizon(db: Queryable, cursor: bigint): Promise<Horizon> {
  const result = await db.query<{ horizon: string; partition_end: string | null; topics_revision: string }>(
    `select outbox.horizon() as horizon,
            (select min(p.upper) from outbox.message_partition p where p.upper > $1::bigint + 1) as partition_end,
            (select count(*) || '.' || coalesce(sum(t.revision), 0) from outbox.topic t) as topics_revision`,
    [cursor],
  );
  const row = result.rows[0]!;
  return {
    horizon: BigInt(row.horizon),
    partitionEnd: row.partition_end === null ? null : BigInt(row.partition_end),
    topicsRevision: row.topics_revision,
  };
}
