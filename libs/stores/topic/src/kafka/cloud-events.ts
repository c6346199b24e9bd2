import { isUtf8 } from 'node:buffer';
import { PLACEHOLDER_HEADER, type RecordHeader, type TopicRecord } from '../record.ts';

/** How records carry the attributes of CloudEvents 1.0 (Kafka binding, binary mode). */
export interface CloudEventsOptions {
  /** A URI reference; `${topic}` stands for the topic's own name. */
  readonly source: string;
  /** Type of messages that name none; `${topic}` as in `source`. */
  readonly type: string;
  /** The message header that names the type. */
  readonly typeHeader?: string;
  /** The message header that names the subject; wins over the key. */
  readonly subjectHeader?: string;
  /** Whether a key that is text is the subject. */
  readonly subjectFromKey: boolean;
  /** Media type of the values of messages that name none. */
  readonly contentType?: string;
}

/** Type of placeholders: a consumer that dispatches by type must not take one for an event of the application. */
const PLACEHOLDER_TYPE = 'tidemark.placeholder';

/** What is the same for all records of a topic. */
export interface CloudEventsPlan {
  readonly specVersion: RecordHeader;
  readonly source: RecordHeader;
  readonly type: RecordHeader;
  readonly placeholderType: RecordHeader;
  readonly typeHeader: string | undefined;
  readonly subjectHeader: string | undefined;
  readonly subjectFromKey: boolean;
  readonly contentType: RecordHeader | undefined;
}

export function cloudEventsPlan(topic: string, options: CloudEventsOptions): CloudEventsPlan {
  const filled = (template: string): Buffer => Buffer.from(template.replaceAll('${topic}', topic));
  return {
    specVersion: ['ce_specversion', Buffer.from('1.0')],
    source: ['ce_source', filled(options.source)],
    type: ['ce_type', filled(options.type)],
    placeholderType: ['ce_type', Buffer.from(PLACEHOLDER_TYPE)],
    typeHeader: options.typeHeader,
    subjectHeader: options.subjectHeader,
    subjectFromKey: options.subjectFromKey,
    contentType: options.contentType === undefined ? undefined : ['content-type', Buffer.from(options.contentType)],
  };
}

/**
 * Appends the attributes that the message does not carry itself: an application that writes CloudEvents knows its
 * attributes better, so its `ce_` headers stay as they are, and an event that lacks some is completed.
 */
export function addCloudEvents(
  headers: RecordHeader[],
  record: TopicRecord,
  messageId: Buffer,
  plan: CloudEventsPlan,
): void {
  const given = record.headers;
  const add = (header: RecordHeader): void => {
    if (!carries(given, header[0])) headers.push(header);
  };
  add(plan.specVersion);
  add(['ce_id', messageId]);
  add(plan.source);
  add(typeOf(record, plan));
  add(['ce_time', Buffer.from(record.time.toISOString(), 'latin1')]);
  const subject = subjectOf(record, plan);
  if (subject !== undefined) add(['ce_subject', subject]);
  if (plan.contentType !== undefined && record.value !== null && !carriesContentType(given)) {
    headers.push(plan.contentType);
  }
}

function typeOf(record: TopicRecord, plan: CloudEventsPlan): RecordHeader {
  if (record.headers[0]?.[0] === PLACEHOLDER_HEADER) return plan.placeholderType;
  const named = textIn(record.headers, plan.typeHeader);
  return named === undefined ? plan.type : ['ce_type', named];
}

function subjectOf(record: TopicRecord, plan: CloudEventsPlan): Buffer | undefined {
  const named = textIn(record.headers, plan.subjectHeader);
  if (named !== undefined || !plan.subjectFromKey) return named;
  // An attribute is text that is not empty; a binary key is no subject.
  return record.key !== null && record.key.length > 0 && isUtf8(record.key) ? record.key : undefined;
}

/** The last header of that name, as Kafka's clients choose, when it has text. */
function textIn(headers: readonly RecordHeader[], name: string | undefined): Buffer | undefined {
  if (name === undefined) return undefined;
  const value = headers.findLast((header) => header[0] === name)?.[1];
  return value != null && value.length > 0 && isUtf8(value) ? value : undefined;
}

/** Whether a message has a header of that name. */
export function carries(headers: readonly RecordHeader[], name: string): boolean {
  for (const header of headers) if (header[0] === name) return true;
  return false;
}

/** In any case of letters: applications copy this one from HTTP. */
function carriesContentType(headers: readonly RecordHeader[]): boolean {
  for (const [name] of headers) if (name.length === 12 && name.toLowerCase() === 'content-type') return true;
  return false;
}
