import type { RecordHeader } from '#libs/stores/topic';
import type { FailureFacts } from './failure-facts.ts';

/** The names and encodings of Spring Kafka's DeadLetterPublishingRecoverer: numbers are binary, big-endian. */
export function springHeaders(facts: FailureFacts): RecordHeader[] {
  const { error, origin } = facts;
  const partition = Buffer.alloc(4);
  partition.writeInt32BE(origin.partition);
  const headers: RecordHeader[] = [
    ['kafka_dlt-original-topic', Buffer.from(origin.topic)],
    ['kafka_dlt-original-partition', partition],
    ['kafka_dlt-original-offset', int64(origin.offset)],
    ['kafka_dlt-original-timestamp', int64(BigInt(facts.sourceTime.getTime()))],
    ['kafka_dlt-original-timestamp-type', Buffer.from('CreateTime')],
    ['kafka_dlt-original-consumer-group', Buffer.from(facts.group)],
    ['kafka_dlt-exception-fqcn', Buffer.from(error.errorClass)],
    // Readers group by the cause, since Spring's own class is nearly always a wrapper.
    ['kafka_dlt-exception-cause-fqcn', Buffer.from(error.causeClass ?? error.errorClass)],
    ['kafka_dlt-exception-message', Buffer.from(error.message)],
  ];
  if (error.stack !== null) headers.push(['kafka_dlt-exception-stacktrace', Buffer.from(error.stack)]);
  return headers;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
