import type { RecordHeader } from '#libs/stores/topic';
import type { HeaderStyle } from '../subscription/subscription-options.ts';
import { connectHeaders } from './connect-headers.ts';
import { DUE_AT_HEADER } from './due-time.ts';
import type { FailureFacts } from './failure-facts.ts';
import { FAILURE_HEADERS } from './failure-names.ts';
import { springHeaders } from './spring-headers.ts';
import { truncateUtf8 } from './truncate-utf8.ts';

/** What remains of the error's message where there is no room. */
const SLIM_MESSAGE_BYTES = 120;

/**
 * The headers that a failure adds, the newest hop replacing those before it. `slim` leaves out the stack and most of the message:
 * for messages that leave no room for them; the failure row has both.
 */
export function failureHeaders(facts: FailureFacts, style: HeaderStyle, slim: boolean): RecordHeader[] {
  const { error, origin } = facts;
  const message = slim ? truncateUtf8(error.message, SLIM_MESSAGE_BYTES) : error.message;
  const stack = slim ? null : error.stack;
  const values: Record<keyof typeof FAILURE_HEADERS, string | null> = {
    id: facts.dlqId,
    messageId: facts.messageId,
    sourceCluster: facts.sourceCluster,
    sourceTopic: origin.topic,
    sourcePartition: String(origin.partition),
    sourceOffset: String(origin.offset),
    sourceTimestamp: facts.sourceTime.toISOString(),
    group: facts.group,
    handler: facts.subscription,
    errorClass: error.errorClass,
    errorCauseClass: error.causeClass,
    errorMessage: message,
    errorStack: stack,
    attempts: String(facts.attempts),
    firstFailedAt: facts.firstFailedAt.toISOString(),
    failedAt: facts.failedAt.toISOString(),
    schemaId: facts.schemaId === null ? null : String(facts.schemaId),
    appVersion: facts.appVersion,
  };
  const headers: RecordHeader[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) headers.push([FAILURE_HEADERS[name as keyof typeof FAILURE_HEADERS], Buffer.from(value)]);
  }
  if (facts.dueAt !== null) headers.push([DUE_AT_HEADER, Buffer.from(facts.dueAt.toISOString())]);
  const shown = { ...facts, error: { ...error, message, stack } };
  if (style === 'spring') headers.push(...springHeaders(shown));
  if (style === 'connect') headers.push(...connectHeaders(shown));
  return headers;
}
