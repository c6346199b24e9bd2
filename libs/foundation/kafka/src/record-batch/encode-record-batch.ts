import { assert } from '#libs/foundation/kernel';
import type { Compression, KafkaRecord, ProducerPlace } from '../record.ts';
import { checksum } from './checksum.ts';
import { compress, compressionNumber } from './compression.ts';
import { headerName } from './header-name.ts';
import { BATCH, BATCH_PREFIX_BYTES } from './layout.ts';
import { contentBytes } from './record-size.ts';
import { varintBytes, writeVarint } from './varint.ts';

export interface BatchOptions {
  /** Without a place the batch is not idempotent: the broker appends it wherever its log ends. */
  readonly place?: ProducerPlace;
  readonly compression: Compression;
}

const FORMAT = 2;
const NO_PRODUCER = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };
/** Below this length a loop copies faster than a call. */
const SHORT = 24;

/**
 * Records as one batch of format 2 with CreateTime timestamps, ready to be produced: the same records and options give
 * the same bytes. At least one record; timestamps are whole ms. The layout is at
 * https://kafka.apache.org/documentation/#recordbatch.
 */
export function encodeRecordBatch(records: readonly KafkaRecord[], options: BatchOptions): Buffer {
  const first = records[0];
  assert(first !== undefined, 'a record batch holds at least one record');
  const baseTimestamp = first.timestampMs;
  const sizes = new Int32Array(records.length);
  const plain = Buffer.allocUnsafe(BATCH.records + measure(records, baseTimestamp, sizes));
  const maxTimestamp = writeRecords(plain, records, baseTimestamp, sizes);
  const batch = options.compression === 'none' ? plain : compressed(plain, options.compression);
  writeHead(batch, { ...options, count: records.length, baseTimestamp, maxTimestamp });
  return batch;
}

/** Fills in the size of each record without its length field; answers the bytes of all with them. */
function measure(records: readonly KafkaRecord[], baseTimestamp: number, sizes: Int32Array): number {
  let total = 0;
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    const size = 1 + varintBytes(record.timestampMs - baseTimestamp) + varintBytes(index) + contentBytes(record);
    sizes[index] = size;
    total += varintBytes(size) + size;
  }
  return total;
}

/** Answers the latest timestamp. */
function writeRecords(
  target: Buffer,
  records: readonly KafkaRecord[],
  baseTimestamp: number,
  sizes: Int32Array,
): number {
  let at: number = BATCH.records;
  let maxTimestamp = baseTimestamp;
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    const { timestampMs, headers } = record;
    if (timestampMs > maxTimestamp) maxTimestamp = timestampMs;
    at = writeVarint(target, at, sizes[index]!);
    target[at++] = 0;
    at = writeVarint(target, at, timestampMs - baseTimestamp);
    at = writeVarint(target, at, index);
    at = writeBytes(target, at, record.key);
    at = writeBytes(target, at, record.value);
    at = writeVarint(target, at, headers.length);
    for (let place = 0; place < headers.length; place++) {
      const header = headers[place]!;
      at = writeBytes(target, at, headerName(header[0]));
      at = writeBytes(target, at, header[1]);
    }
  }
  return maxTimestamp;
}

function writeBytes(target: Buffer, position: number, bytes: Buffer | null): number {
  if (bytes === null) {
    target[position] = 1;
    return position + 1;
  }
  const { length } = bytes;
  const at = writeVarint(target, position, length);
  if (length > SHORT) target.set(bytes, at);
  else for (let index = 0; index < length; index++) target[at + index] = bytes[index]!;
  return at + length;
}

function compressed(plain: Buffer, compression: Compression): Buffer {
  const records = compress(compression, plain.subarray(BATCH.records));
  const batch = Buffer.allocUnsafe(BATCH.records + records.length);
  batch.set(records, BATCH.records);
  return batch;
}

interface Head extends BatchOptions {
  readonly count: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
}

/** The checksum comes last: it covers the fields behind it. */
function writeHead(batch: Buffer, head: Head): void {
  const place = head.place ?? NO_PRODUCER;
  batch.fill(0, BATCH.baseOffset, BATCH.length);
  batch.writeInt32BE(batch.length - BATCH_PREFIX_BYTES, BATCH.length);
  batch.writeInt32BE(-1, BATCH.leaderEpoch);
  batch[BATCH.magic] = FORMAT;
  batch.writeInt16BE(compressionNumber(head.compression), BATCH.attributes);
  batch.writeInt32BE(head.count - 1, BATCH.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(head.baseTimestamp), BATCH.baseTimestamp);
  batch.writeBigInt64BE(BigInt(head.maxTimestamp), BATCH.maxTimestamp);
  batch.writeBigInt64BE(place.producerId, BATCH.producerId);
  batch.writeInt16BE(place.producerEpoch, BATCH.producerEpoch);
  batch.writeInt32BE(place.baseSequence, BATCH.baseSequence);
  batch.writeInt32BE(head.count, BATCH.count);
  batch.writeUInt32BE(checksum(batch.subarray(BATCH.attributes)), BATCH.checksum);
}
