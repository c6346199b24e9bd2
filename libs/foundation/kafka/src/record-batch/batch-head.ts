import type { Compression, ProducerPlace } from '../record.ts';
import { checksum } from './checksum.ts';
import { compressionNumber } from './compression.ts';
import { BATCH, BATCH_PREFIX_BYTES } from './layout.ts';

export interface BatchOptions {
  /** Without a place the batch is not idempotent: the broker appends it wherever its log ends. */
  readonly place?: ProducerPlace;
  readonly compression: Compression;
}

/** What a head says of the records behind it. */
export interface BatchSummary {
  readonly count: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
}

const FORMAT = 2;
const NO_PRODUCER = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };

/** Writes the head before records that are there already. The checksum comes last: it covers the fields behind it. */
export function writeBatchHead(batch: Buffer, options: BatchOptions, summary: BatchSummary): void {
  const place = options.place ?? NO_PRODUCER;
  batch.fill(0, BATCH.baseOffset, BATCH.length);
  batch.writeInt32BE(batch.length - BATCH_PREFIX_BYTES, BATCH.length);
  batch.writeInt32BE(-1, BATCH.leaderEpoch);
  batch[BATCH.magic] = FORMAT;
  batch.writeInt16BE(compressionNumber(options.compression), BATCH.attributes);
  batch.writeInt32BE(summary.count - 1, BATCH.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(summary.baseTimestamp), BATCH.baseTimestamp);
  batch.writeBigInt64BE(BigInt(summary.maxTimestamp), BATCH.maxTimestamp);
  batch.writeBigInt64BE(place.producerId, BATCH.producerId);
  batch.writeInt16BE(place.producerEpoch, BATCH.producerEpoch);
  batch.writeInt32BE(place.baseSequence, BATCH.baseSequence);
  batch.writeInt32BE(summary.count, BATCH.count);
  batch.writeUInt32BE(checksum(batch.subarray(BATCH.attributes)), BATCH.checksum);
}
