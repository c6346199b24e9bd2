import { type Database, type Queryable, withStatementTimeout } from '#libs/foundation/postgres';
import type { PartitionFacts, PartitionVerdict, PositionRange } from '../partition-verdict.ts';
import { readFloors } from './retention-floors.sql.ts';
import { isStraddled, type LogEnd, readTopicAges } from './topic-ages.sql.ts';

/** The exact read may take longer than a detach may wait; both are shorter than the lease. */
const EXACT_READ_MS = 60_000;

/**
 * Decides on exact facts and, if they say drop, takes the records out of the readers' range. The long read comes first;
 * then log.retention_hold is locked SHARE, so that a new reader is either seen here or sees the raised start offsets; then
 * the row of log.sequencer, because steps lock it before the heads as well. Each lock is waited for at most a second.
 */
export async function markForDrop(
  db: Database,
  range: PositionRange,
  judge: (facts: PartitionFacts) => PartitionVerdict,
): Promise<PartitionVerdict> {
  return db.transaction(async (client) => {
    const tx = await withStatementTimeout(client, EXACT_READ_MS);
    await tx.query(`set local lock_timeout = '1s'`);
    const { topics, ends } = await readTopicAges(tx, range);
    const straddled = await isStraddled(tx, range.upper);
    await tx.query('lock table log.retention_hold in share mode');
    const verdict = judge({ ...(await readFloors(tx)), topics, straddled });
    if (verdict.drop) {
      await tx.query('select from log.sequencer for no key update');
      await raiseStartOffsets(tx, ends);
      await tx.query(
        'update outbox.message_partition set dropping_since = clock_timestamp() where lower = $1 and dropping_since is null',
        [range.lower],
      );
    }
    return verdict;
  });
}

/** Index: primary key of log.head. Locks the rows it raises, until the transaction ends. */
async function raiseStartOffsets(tx: Queryable, ends: readonly LogEnd[]): Promise<void> {
  await tx.query(
    `update log.head h set start_offset = e.end_offset
     from unnest($1::integer[], $2::integer[], $3::bigint[]) as e(topic_id, partition, end_offset)
     where h.topic_id = e.topic_id and h.partition = e.partition and h.start_offset < e.end_offset`,
    [ends.map((end) => end.topicId), ends.map((end) => end.partition), ends.map((end) => end.endOffset)],
  );
}
