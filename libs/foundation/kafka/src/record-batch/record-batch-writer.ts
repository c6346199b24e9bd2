import { assert } from '#libs/foundation/kernel';
import type { KafkaRecord } from '../record.ts';
import { type BatchOptions, writeBatchHead } from './batch-head.ts';
import { compress } from './compression.ts';
import { headerName } from './header-name.ts';
import { BATCH } from './layout.ts';
import { contentBytes } from './record-size.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** Below this length a loop copies faster than a call. */
const SHORT = 24;

export interface BatchRoom {
  /** The largest that the batch may become before compression; a record that is larger by itself is a batch of its own. */
  readonly maxBytes: number;
  /** Taken at once. Too little is made good for by copying, too much is kept in memory with the batch. */
  readonly bytesExpected: number;
}

/**
 * Writes records as one batch of format 2 with CreateTime timestamps (https://kafka.apache.org/documentation/#recordbatch):
 * whole ones, or piece by piece from bytes that hold them already. The same records give the same bytes.
 */
export class RecordBatchWriter {
  readonly #maxBytes: number;
  #target: Buffer;
  #at: number = BATCH.records;
  #recordEnd: number = BATCH.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  constructor({ maxBytes, bytesExpected }: BatchRoom) {
    this.#maxBytes = maxBytes;
    this.#target = Buffer.allocUnsafe(Math.max(BATCH.records, Math.min(maxBytes, bytesExpected)));
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** False, and nothing is written, when there is no room for the record; there always is for the first one. */
  add(record: KafkaRecord): boolean {
    if (!this.begin(record.timestampMs, contentBytes(record))) return false;
    const { key, value, headers } = record;
    this.#nullable(key);
    this.#nullable(value);
    this.#at = writeVarint(this.#target, this.#at, headers.length);
    for (let index = 0; index < headers.length; index++) {
      const header = headers[index]!;
      this.#nullable(headerName(header[0]));
      this.#nullable(header[1]);
    }
    return true;
  }

  /**
   * As `add` for a record that comes in pieces: key and value by `bytes`, then the headers with their number by `raw`. All of
   * them with their lengths take `content` bytes. The timestamp is in whole ms.
   */
  begin(timestampMs: number, content: number): boolean {
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestampMs;
    const delta = timestampMs - this.#baseTimestamp;
    const size = 1 + varintBytes(delta) + varintBytes(this.#count) + content;
    const end = this.#at + varintBytes(size) + size;
    if (end > this.#maxBytes && this.#count > 0) return false;
    assert(this.#at === this.#recordEnd, 'a record of a batch is as long as was said');
    if (end > this.#target.length) this.#grow(end);
    if (timestampMs > this.#maxTimestamp) this.#maxTimestamp = timestampMs;
    let at = writeVarint(this.#target, this.#at, size);
    this.#target[at++] = 0;
    at = writeVarint(this.#target, at, delta);
    this.#at = writeVarint(this.#target, at, this.#count);
    this.#recordEnd = end;
    this.#count++;
    return true;
  }

  /** The bytes of `source` from `start` (inclusive) to `end` with their length before them; null when `start` is negative. */
  bytes(source: Buffer, start: number, end: number): void {
    if (start < 0) {
      this.#target[this.#at++] = 1;
      return;
    }
    this.#at = writeVarint(this.#target, this.#at, end - start);
    this.raw(source, start, end);
  }

  /** The bytes of `source` from `start` (inclusive) to `end`. */
  raw(source: Buffer, start: number, end: number): void {
    const target = this.#target;
    let at = this.#at;
    if (end - start > SHORT) {
      source.copy(target, at, start, end);
      this.#at = at + end - start;
      return;
    }
    for (let index = start; index < end; index++) target[at++] = source[index]!;
    this.#at = at;
  }

  /** The batch; at least one record was added. Nothing may be added afterwards. */
  finish(options: BatchOptions): Buffer {
    assert(this.#count > 0, 'a record batch holds at least one record');
    assert(this.#at === this.#recordEnd, 'a record of a batch is as long as was said');
    const plain = this.#target.subarray(0, this.#at);
    const batch = options.compression === 'none' ? plain : compressed(plain, options);
    writeBatchHead(batch, options, {
      count: this.#count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
    });
    return batch;
  }

  #nullable(bytes: Buffer | null): void {
    if (bytes === null) this.#target[this.#at++] = 1;
    else this.bytes(bytes, 0, bytes.length);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(this.#maxBytes, 2 * this.#target.length)));
    this.#target.copy(larger, BATCH.records, BATCH.records, this.#at);
    this.#target = larger;
  }
}

function compressed(plain: Buffer, { compression }: BatchOptions): Buffer {
  const records = compress(compression, plain.subarray(BATCH.records));
  const batch = Buffer.allocUnsafe(BATCH.records + records.length);
  batch.set(records, BATCH.records);
  return batch;
}
