import { parseJson } from '#libs/codec';
import type { TopicRecord } from '#libs/stores/topic';
import type { DeadLetter } from './harness.ts';

/** A record of a dlq as tests look at it. */
export function deadLetterOf(record: TopicRecord): DeadLetter {
  const header = (name: string): string =>
    record.headers.findLast(([given]) => given === `tidemark-dlq-${name}`)?.[1]?.toString('utf8') ?? '';
  return {
    topic: record.topic,
    sourceTopic: header('source-topic'),
    group: header('group'),
    handler: header('handler'),
    messageId: record.messageId,
    key: record.key === null ? null : record.key.toString('utf8'),
    value: valueOf(record.value),
    attempts: Number(header('attempts')),
    errorClass: header('error-class'),
    errorMessage: header('error-message'),
    headers: record.headers,
  };
}

function valueOf(value: Buffer | null): unknown {
  if (value === null) return null;
  try {
    return parseJson(value.toString('utf8'));
  } catch {
    // Often the very reason why it is a dead letter.
    return value;
  }
}
