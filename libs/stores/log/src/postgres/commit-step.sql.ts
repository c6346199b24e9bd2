import { inOneMessage, type Queryable } from '#libs/foundation/postgres';
import type { Batch, Placeholder } from '../batch.ts';

export interface Step {
  readonly term: bigint;
  readonly from: bigint;
  readonly to: bigint;
  readonly leaseMs: number;
  readonly batches: readonly Batch[];
  readonly placeholders: readonly Placeholder[];
}

/**
 * Commits a step whole, in one statement, or not at all: false means that the term or the cursor has moved on, and the
 * caller leads no more. Throws LOG_HEAD_MOVED when a partition does not end where the batches begin.
 * Locks: the rows of log.sequencer and of the heads it moves, until the statement ends. It is one message, so that it ends
 * whatever becomes of the caller.
 */
export async function commitStep(db: Queryable, step: Step): Promise<boolean> {
  const { batches, placeholders } = step;
  const poison = placeholders.map((placeholder) => ({
    topic_id: placeholder.topicId,
    partition: placeholder.partition,
    offset: placeholder.offset.toString(),
    position: placeholder.position.toString(),
    reason: placeholder.reason,
    detail: placeholder.detail,
  }));
  const statement = inOneMessage(
    `select log.commit_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as committed`,
    [
      step.term,
      step.from,
      step.to,
      step.leaseMs,
      batches.map((batch) => batch.topicId),
      batches.map((batch) => batch.partition),
      batches.map((batch) => batch.baseOffset),
      batches.map((batch) => batch.bytes),
      batches.map((batch) => batch.firstUs),
      batches.map((batch) => batch.lastUs),
      batches.map((batch) => batch.highUs),
      batches.map((batch) => batch.placeholders),
      batches.map((batch) => `{${batch.positions.join(',')}}`),
      poison.length === 0 ? null : JSON.stringify(poison),
    ],
  );
  const result = await db.query<{ committed: boolean }>(statement);
  return result.rows[0]?.committed === true;
}
