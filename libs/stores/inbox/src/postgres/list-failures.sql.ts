import type { Queryable } from '#libs/foundation/postgres';
import type { Failure, FailurePage, FailureState } from '../failure.ts';

interface FailureRow {
  id: string;
  group_name: string;
  topic: string;
  partition: number;
  offset: string;
  message_id: string;
  dlq_id: string;
  key: Buffer | null;
  handler: string;
  app_version: string | null;
  attempts: number;
  error_class: string;
  error_cause_class: string | null;
  error_message: string;
  error_stack: string | null;
  first_failed_at: Date;
  last_failed_at: Date;
  state: FailureState;
  sent_to: string;
  due_at: Date | null;
  resolution: string | null;
}

/**
 * Failures of a group, the newest first. Index: failure_by_group, read backwards; with a state it may read many entries of others
 * for a page. Locks: none. Runs with the rights of the owner: messages of errors may tell what only operators should read.
 */
export async function listFailures(db: Queryable, group: string, page: FailurePage): Promise<Failure[]> {
  const result = await db.query<FailureRow>(
    `select f.id, f.group_name, f.topic, f.partition, f."offset", f.message_id, f.dlq_id, f.key, f.handler, f.app_version, f.attempts,
            f.error_class, f.error_cause_class, f.error_message, f.error_stack, f.first_failed_at, f.last_failed_at, f.state, f.sent_to,
            f.due_at, f.resolution
     from inbox.failure f
     where f.group_name = $1 and ($2::bigint is null or f.id < $2) and ($3::text is null or f.state = $3)
     order by f.id desc limit $4`,
    [group, page.before ?? null, page.state ?? null, page.limit],
  );
  return result.rows.map(failureOf);
}

function failureOf(row: FailureRow): Failure {
  return {
    id: BigInt(row.id),
    group: row.group_name,
    subscription: row.handler,
    appVersion: row.app_version,
    origin: { topic: row.topic, partition: row.partition, offset: BigInt(row.offset) },
    messageId: row.message_id,
    dlqId: row.dlq_id,
    key: row.key,
    attempts: row.attempts,
    firstFailedAt: row.first_failed_at,
    lastFailedAt: row.last_failed_at,
    error: {
      errorClass: row.error_class,
      causeClass: row.error_cause_class,
      message: row.error_message,
      stack: row.error_stack,
    },
    state: row.state,
    sentTo: row.sent_to,
    dueAt: row.due_at,
    resolution: row.resolution,
  };
}
