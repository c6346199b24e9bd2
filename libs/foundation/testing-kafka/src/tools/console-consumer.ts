import type { KafkaDistribution } from '../distribution/distribution.ts';
import { kafkaTool } from './kafka-tool.ts';
import type { ReadRecord, RecordsToRead } from './read-record.ts';

/** Its output has no lengths; these stand between its parts because no payload contains them. */
const FIELD = '<|field|>';
const RECORD = '<|record|>';
const HEADER = '<|header|>';
const NULL = '<|null|>';
const READ_MS = 30_000;

/** Reads records with Kafka's console consumer, which is the Java client's view of a topic. Header values are taken for text. */
export async function consoleConsumer(kafka: KafkaDistribution, wanted: RecordsToRead): Promise<ReadRecord[]> {
  const print = ['key', 'headers', 'partition', 'offset', 'timestamp'].map((part) => `print.${part}=true`);
  const properties = [
    ...print,
    `key.separator=${FIELD}`,
    `line.separator=${RECORD}`,
    `headers.separator=${HEADER}`,
    `null.literal=${NULL}`,
  ];
  const output = await kafkaTool(kafka, 'kafka-console-consumer', [
    '--bootstrap-server',
    wanted.bootstrap,
    '--topic',
    wanted.topic,
    '--partition',
    String(wanted.partition ?? 0),
    '--offset',
    String(wanted.offset ?? 0n),
    '--max-messages',
    String(wanted.count),
    '--timeout-ms',
    String(READ_MS),
    ...properties.flatMap((property) => ['--formatter-property', property]),
  ]);
  const records = split(output, RECORD).slice(0, -1).map(parseRecord);
  if (records.length < wanted.count)
    throw new Error(`the console consumer read ${records.length} of ${wanted.count} records of ${wanted.topic}`);
  return records;
}

/** `CreateTime:1700000000000`, `Partition:0`, `Offset:5`, headers, key and value, in this order. */
function parseRecord(text: Buffer): ReadRecord {
  const [timestamp, partition, offset, headers, key, value] = split(text, FIELD);
  if (value === undefined) throw new Error(`not a record of the console consumer: ${text.toString()}`);
  return {
    partition: Number(afterColon(partition!)),
    offset: BigInt(afterColon(offset!)),
    timestamp: BigInt(afterColon(timestamp!)),
    key: orNull(key!),
    value: orNull(value),
    headers: parseHeaders(String(headers)),
  };
}

function parseHeaders(text: string): (readonly [string, string])[] {
  if (text === 'NO_HEADERS') return [];
  return text.split(HEADER).map((header) => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon), header.slice(colon + 1)] as const;
  });
}

const afterColon = (field: Buffer): string => String(field).replace(/^\w+:/, '');

const orNull = (field: Buffer): Buffer | null => (field.equals(Buffer.from(NULL)) ? null : field);

function split(text: Buffer, separator: string): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
    parts.push(text.subarray(from, at));
    from = at + separator.length;
  }
  return [...parts, text.subarray(from)];
}
