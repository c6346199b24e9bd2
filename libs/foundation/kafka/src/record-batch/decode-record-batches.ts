import type { FetchedRecord } from '../record.ts';
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts';
import { BatchCursor } from './batch-cursor.ts';
import { checksum } from './checksum.ts';
import { decompress } from './compression.ts';
import { ATTRIBUTE, BATCH, BATCH_PREFIX_BYTES, SEQUENCE_SPACE } from './layout.ts';

export interface DecodedBatches {
  /** In the order of the log; control records are left out, and those of the transactions that were said to be aborted. */
  readonly records: readonly FetchedRecord[];
  /** Behind the last whole batch, those left out included; null when there is no whole batch. */
  readonly nextOffset: bigint | null;
  /** Set when a batch cannot be read: `records` has those before it, and nothing behind it was looked at. */
  readonly damage: { readonly baseOffset: bigint; readonly reason: string } | null;
}

/**
 * Reads the batches that a fetch answered. A fetch cuts the last batch wherever its limit falls: an incomplete one is
 * left alone. Keys, values and headers share memory with `bytes` unless a batch was compressed.
 */
export function decodeRecordBatches(bytes: Buffer, aborted: readonly AbortedTransaction[] = []): DecodedBatches {
  const transactions = new AbortedTransactions(aborted);
  const records: FetchedRecord[] = [];
  let nextOffset: bigint | null = null;
  let start = 0;
  while (bytes.length - start >= BATCH_PREFIX_BYTES) {
    const end = start + BATCH_PREFIX_BYTES + bytes.readInt32BE(start + BATCH.length);
    if (end > bytes.length) break;
    const batch = bytes.subarray(start, end);
    const reason = damageOf(batch) ?? readBatch(batch, transactions, records);
    if (reason !== null) return { records, nextOffset, damage: { baseOffset: batch.readBigInt64BE(0), reason } };
    nextOffset = batch.readBigInt64BE(BATCH.baseOffset) + BigInt(batch.readInt32BE(BATCH.lastOffsetDelta)) + 1n;
    start = end;
  }
  return { records, nextOffset, damage: null };
}

function damageOf(batch: Buffer): string | null {
  if (batch.length < BATCH.magic + 1) return 'it is shorter than a batch can be';
  if (batch[BATCH.magic] !== 2) return `it has message format ${batch[BATCH.magic]}, only 2 is read`;
  if (batch.length < BATCH.records) return 'it is shorter than a batch can be';
  const expected = batch.readUInt32BE(BATCH.checksum);
  return checksum(batch.subarray(BATCH.attributes)) === expected ? null : 'its checksum does not match its bytes';
}

/** Appends the batch's records; answers why they cannot be read, then without any of them. */
function readBatch(batch: Buffer, aborted: AbortedTransactions, into: FetchedRecord[]): string | null {
  const attributes = batch.readInt16BE(BATCH.attributes);
  if (isLeftOut(batch, attributes, aborted)) return null;
  const before = into.length;
  try {
    const codec = attributes & ATTRIBUTE.compression;
    const cursor =
      codec === 0
        ? new BatchCursor(batch, BATCH.records)
        : new BatchCursor(decompress(codec, batch.subarray(BATCH.records)), 0);
    const read = recordReader(batch, attributes, cursor);
    for (let left = batch.readInt32BE(BATCH.count); left > 0; left--) into.push(read());
    return null;
  } catch (error) {
    into.length = before;
    return error instanceof Error ? error.message : String(error);
  }
}

function isLeftOut(batch: Buffer, attributes: number, aborted: AbortedTransactions): boolean {
  const producerId = batch.readBigInt64BE(BATCH.producerId);
  const lastOffset = batch.readBigInt64BE(BATCH.baseOffset) + BigInt(batch.readInt32BE(BATCH.lastOffsetDelta));
  const isAborted = aborted.has(producerId, lastOffset);
  if ((attributes & ATTRIBUTE.control) !== 0) {
    aborted.end(producerId);
    return true;
  }
  return isAborted && (attributes & ATTRIBUTE.transactional) !== 0;
}

function recordReader(batch: Buffer, attributes: number, cursor: BatchCursor): () => FetchedRecord {
  const baseOffset = batch.readBigInt64BE(BATCH.baseOffset);
  const baseTimestamp = Number(batch.readBigInt64BE(BATCH.baseTimestamp));
  const appendTime =
    (attributes & ATTRIBUTE.logAppendTime) === 0 ? null : Number(batch.readBigInt64BE(BATCH.maxTimestamp));
  const producerId = batch.readBigInt64BE(BATCH.producerId);
  const baseSequence = batch.readInt32BE(BATCH.baseSequence);
  return () => {
    const end = cursor.varint() + cursor.position;
    cursor.take(1);
    const timestampMs = baseTimestamp + cursor.varlong();
    const offsetDelta = cursor.varint();
    const key = cursor.nullableBytes();
    const value = cursor.nullableBytes();
    const headers = readHeaders(cursor);
    if (cursor.position !== end) throw new RangeError('a record is not as long as it says');
    return {
      key,
      value,
      headers,
      timestampMs: appendTime ?? timestampMs,
      offset: baseOffset + BigInt(offsetDelta),
      producerId,
      sequence: baseSequence < 0 ? -1 : (baseSequence + offsetDelta) % SEQUENCE_SPACE,
    };
  };
}

function readHeaders(cursor: BatchCursor): (readonly [string, Buffer | null])[] {
  const headers: (readonly [string, Buffer | null])[] = [];
  for (let left = cursor.varint(); left > 0; left--) {
    const name = cursor.take(cursor.varint()).toString();
    headers.push([name, cursor.nullableBytes()]);
  }
  return headers;
}
