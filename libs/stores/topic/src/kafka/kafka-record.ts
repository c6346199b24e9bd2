import type { KafkaRecord } from '#libs/foundation/kafka';
import type { RecordHeader, TopicRecord } from '../record.ts';
import {
  addCloudEvents,
  carries,
  type CloudEventsOptions,
  type CloudEventsPlan,
  cloudEventsPlan,
} from './cloud-events.ts';
import { HeaderFrames } from './header-frames.ts';
import { isOwnHeader, MESSAGE_ID_HEADER, SCHEMA_ID_HEADER, TOPIC_HEADER } from './header-names.ts';
import { wireFormatSchemaId } from './wire-format-id.ts';

/** What records on a cluster carry beside the message's own headers and its id, which they always carry. */
export interface KafkaHeaderOptions {
  /** When the schema's id is a header: never, always when it is known, or only where the value does not begin with it. */
  readonly schemaId: 'unless-in-value' | 'always' | 'never';
  readonly cloudEvents?: CloudEventsOptions;
  /** Debezium's `id`: the message id again, under the name that consumers of its outbox know. */
  readonly debezium: boolean;
}

/** What is the same for all records of one topic on one cluster; made once. */
export interface KafkaRecordPlan {
  readonly topicHeader: RecordHeader | undefined;
  readonly schemaId: KafkaHeaderOptions['schemaId'];
  readonly cloudEvents: CloudEventsPlan | undefined;
  readonly debezium: boolean;
  /** The headers of messages that have none, where they are the same but for two ids. */
  readonly frames: HeaderFrames | undefined;
}

/** The plan for a topic by its own name and its name on the cluster. */
export function kafkaRecordPlan(topic: string, clusterTopic: string, options: KafkaHeaderOptions): KafkaRecordPlan {
  const topicHeader: RecordHeader | undefined =
    topic === clusterTopic ? undefined : [TOPIC_HEADER, Buffer.from(topic, 'latin1')];
  return {
    topicHeader,
    schemaId: options.schemaId,
    cloudEvents: options.cloudEvents === undefined ? undefined : cloudEventsPlan(topic, options.cloudEvents),
    debezium: options.debezium,
    frames: options.cloudEvents === undefined && !options.debezium ? new HeaderFrames(topicHeader) : undefined,
  };
}

/**
 * A record as it is sent to a cluster. Depends on nothing but its arguments, so that a later comparison finds the same
 * bytes. Key, value and headers of the message stay as they are, in their order; behind them come the message id and what
 * the plan adds. Of names that occur on both sides, ours win under `tidemark-` (see isOwnHeader), the message's elsewhere:
 * those are standards that applications may fill in themselves, and their data is not replaced.
 */
export function kafkaRecordOf(record: TopicRecord, plan: KafkaRecordPlan): KafkaRecord {
  const headers: RecordHeader[] = [];
  for (const header of record.headers) if (!isOwnHeader(header[0])) headers.push(header);
  const messageId = Buffer.from(record.messageId, 'latin1');
  headers.push([MESSAGE_ID_HEADER, messageId]);
  const schemaId = schemaIdHeader(record.schemaId, record.value, plan.schemaId);
  if (schemaId !== null) headers.push([SCHEMA_ID_HEADER, Buffer.from(String(schemaId), 'latin1')]);
  if (plan.topicHeader !== undefined) headers.push(plan.topicHeader);
  if (plan.cloudEvents !== undefined) addCloudEvents(headers, record, messageId, plan.cloudEvents);
  if (plan.debezium && !carries(record.headers, 'id')) headers.push(['id', messageId]);
  return { key: record.key, value: record.value, headers, timestampMs: record.time.getTime() };
}

/** The schema's id where it is a header, else null. */
export function schemaIdHeader(
  schemaId: number | null,
  value: Buffer | null,
  when: KafkaHeaderOptions['schemaId'],
): number | null {
  if (schemaId === null || when === 'never') return null;
  return when === 'unless-in-value' && wireFormatSchemaId(value) === schemaId ? null : schemaId;
}
