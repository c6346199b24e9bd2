import type { KafkaRecord } from '../record.ts';
import { headerName } from './header-name.ts';
import { BATCH } from './layout.ts';
import { varintBytes } from './varint.ts';

/** Bytes of a batch before its first record. */
export const RECORD_BATCH_OVERHEAD: number = BATCH.records;

/** Length of the record, attributes, timestamp and offset: what the place in a batch decides, at its largest. */
const PLACE_BYTES_MAX = 5 + 1 + 10 + 5;

/**
 * Bytes that a record takes in a batch before compression, at most 18 more than it does take: a batch of records has
 * at most RECORD_BATCH_OVERHEAD and the sum of these.
 */
export function recordBytes(record: KafkaRecord): number {
  return PLACE_BYTES_MAX + contentBytes(record);
}

/** Bytes of key, value and headers with their lengths: what does not depend on the place in a batch. */
export function contentBytes(record: KafkaRecord): number {
  const { headers } = record;
  let bytes = nullableBytes(record.key) + nullableBytes(record.value) + varintBytes(headers.length);
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]!;
    const nameLength = headerName(header[0]).length;
    bytes += bytesWithLength(nameLength) + nullableBytes(header[1]);
  }
  return bytes;
}

/** What so many bytes take with their length before them. */
export function bytesWithLength(length: number): number {
  return varintBytes(length) + length;
}

function nullableBytes(bytes: Buffer | null): number {
  return bytes === null ? 1 : bytesWithLength(bytes.length);
}
