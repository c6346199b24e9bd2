import type { FetchedRecord } from '#libs/foundation/kafka';
import type { RecordHeader } from '../record.ts';
import { MESSAGE_ID_HEADER, SCHEMA_ID_HEADER, TIME_HEADER, TOPIC_HEADER } from './header-names.ts';
import { wireFormatSchemaId } from './wire-format-id.ts';

/** A record as a consumer finds it on a cluster. */
export interface ClusterRecord {
  /** The topic's own name, whatever the cluster calls it. */
  readonly topic: string;
  readonly partition: number;
  /** On the cluster. */
  readonly offset: bigint;
  /** Null when another producer wrote the record. */
  readonly messageId: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The message's own, provenance of replays and dead letters included; all of them when another producer wrote it. */
  readonly headers: readonly RecordHeader[];
  /** From the header, else the one that a value in the wire format begins with; null without either. */
  readonly schemaId: number | null;
  /** When the message was written. */
  readonly time: Date;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const DECIMAL = /^\d{1,10}$/;

/**
 * The way back from kafkaRecordOf: everything of the message but its position. Headers behind the message id were added
 * for the cluster and are left out, whatever was configured when the record was sent.
 */
export function clusterRecordOf(
  fetched: FetchedRecord,
  from: { readonly clusterTopic: string; readonly partition: number },
): ClusterRecord {
  const { clusterTopic, partition } = from;
  const { key, value, offset, headers } = fetched;
  const own = ownHeaders(headers);
  if (own === undefined) {
    const time = new Date(fetched.timestampMs);
    const schemaId = wireFormatSchemaId(value);
    return { topic: clusterTopic, partition, offset, messageId: null, key, value, headers, schemaId, time };
  }
  const schemaId = own.added.get(SCHEMA_ID_HEADER);
  return {
    topic: own.added.get(TOPIC_HEADER) ?? clusterTopic,
    partition,
    offset,
    messageId: own.messageId,
    key,
    value,
    headers: headers.slice(0, own.at),
    schemaId: schemaId !== undefined && DECIMAL.test(schemaId) ? Number(schemaId) : wireFormatSchemaId(value),
    time: timeIn(own.added.get(TIME_HEADER)) ?? new Date(fetched.timestampMs),
  };
}

/** The message id that a record on a cluster carries, or null when another producer wrote it. */
export function messageIdOf(record: { readonly headers: readonly RecordHeader[] }): string | null {
  const value = record.headers.findLast((header) => header[0] === MESSAGE_ID_HEADER)?.[1];
  const text = value?.toString('latin1');
  return text !== undefined && UUID.test(text) ? text : null;
}

function ownHeaders(
  headers: readonly RecordHeader[],
): { at: number; messageId: string; added: ReadonlyMap<string, string> } | undefined {
  const messageId = messageIdOf({ headers });
  if (messageId === null) return undefined;
  const at = headers.findLastIndex((header) => header[0] === MESSAGE_ID_HEADER);
  const added = new Map<string, string>();
  for (const [name, value] of headers.slice(at + 1)) if (value !== null) added.set(name, value.toString('utf8'));
  return { at, messageId, added };
}

function timeIn(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
