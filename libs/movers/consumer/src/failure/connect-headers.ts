import type { RecordHeader } from '#libs/stores/topic';
import type { FailureFacts } from './failure-facts.ts';

/** The names of Kafka Connect's DeadLetterQueueReporter: all values are text. */
export function connectHeaders(facts: FailureFacts): RecordHeader[] {
  const { error, origin } = facts;
  const text: [name: string, value: string | null][] = [
    ['__connect.errors.topic', origin.topic],
    ['__connect.errors.partition', String(origin.partition)],
    ['__connect.errors.offset', String(origin.offset)],
    ['__connect.errors.connector.name', facts.group],
    ['__connect.errors.task.id', '0'],
    ['__connect.errors.stage', facts.undecodable ? 'VALUE_CONVERTER' : 'TASK_PUT'],
    ['__connect.errors.class.name', facts.subscription],
    ['__connect.errors.exception.class.name', error.errorClass],
    ['__connect.errors.exception.message', error.message],
    ['__connect.errors.exception.stacktrace', error.stack],
  ];
  return text.flatMap(([name, value]): RecordHeader[] => (value === null ? [] : [[name, Buffer.from(value)]]));
}
