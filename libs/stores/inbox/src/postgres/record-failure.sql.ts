import type { Queryable } from '#libs/foundation/postgres';
import { clipText } from '../clip-text.ts';
import type { FailedDelivery } from '../failure.ts';

/**
 * Records a failed delivery; false when it has been recorded before. Index: the unique one of inbox.failure. Locks its row until
 * the transaction ends, and waits for a transaction that is recording a failure of the same message.
 */
export async function recordFailure(tx: Queryable, failure: FailedDelivery): Promise<boolean> {
  const { delivery } = failure;
  const result = await tx.query<{ recorded: boolean }>('select inbox.record_failure($1::jsonb, $2) as recorded', [
    JSON.stringify(rowOf(failure)),
    `${delivery.topic}/${delivery.partition}/${delivery.offset}`,
  ]);
  return result.rows[0]!.recorded;
}

function rowOf({ origin, error, key, appVersion, ...failure }: FailedDelivery): Readonly<Record<string, unknown>> {
  return {
    group_name: failure.group,
    topic: origin.topic,
    partition: origin.partition,
    offset: origin.offset.toString(),
    message_id: failure.messageId,
    dlq_id: clipText(failure.dlqId, 64),
    key: key === null ? null : `\\x${key.toString('hex')}`,
    handler: clipText(failure.subscription, 256),
    app_version: clipped(appVersion, 128),
    attempts: failure.attempts,
    error_class: clipText(error.errorClass, 256),
    error_cause_class: clipped(error.causeClass, 256),
    error_message: clipText(error.message, 1_024),
    error_stack: clipped(error.stack, 8_192),
    first_failed_at: storable(failure.firstFailedAt),
    last_failed_at: storable(failure.failedAt),
    state: failure.state,
    sent_to: failure.sentTo,
    due_at: failure.dueAt === null ? null : storable(failure.dueAt),
  };
}

const clipped = (text: string | null | undefined, bytesMax: number): string | null =>
  text === null || text === undefined ? null : clipText(text, bytesMax);

/** Times may come from headers that anybody has written; one that Postgres cannot read must not keep the failure out. */
const storable = (time: Date): Date | null => (Math.abs(time.getTime()) < YEAR_9999_MS ? time : null);
const YEAR_9999_MS = Date.UTC(9999, 0);
