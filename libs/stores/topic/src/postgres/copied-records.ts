import { bytesWithLength, type RecordBatchWriter } from '#libs/foundation/kafka';
import { CopiedRows } from '#libs/foundation/postgres';
import { kafkaRecordOf, type KafkaRecordPlan, schemaIdHeader } from '../kafka/kafka-record.ts';
import { headersOf, type TopicRecord } from '../record.ts';
import type { StoredRecords } from '../stored-records.ts';
import { ROW_FIELDS } from './copy-runs.sql.ts';
import { numberAt, POSITION, type RunRows } from './run-rows.ts';
import { UUID_CHARS, writeUuid } from './uuid-text.ts';

/** What waiting records may keep in memory beside their own bytes. */
const SHARED_BYTES_MAX = 65_536;
/** From 1970 to 2000, where Postgres begins to count, in microseconds. */
const EPOCH_US = 946_684_800_000_000;

const messageId = Buffer.alloc(UUID_CHARS);

/** Records as they came from Postgres, see copyRuns for the columns. Holds places in the bytes, and decodes what is asked for. */
export class CopiedRecords implements StoredRecords {
  #rows: CopiedRows;
  #run: RunRows;
  /** Of the first record, in the run. */
  #index = 0;
  #offset: bigint;
  #bytes: number;
  #detached = false;
  // Where the first record's fields are; below 0 for null.
  #position = 0;
  #id = 0;
  #key = 0;
  #keyEnd = 0;
  #value = 0;
  #valueEnd = 0;
  #headers = 0;
  #headersEnd = 0;
  #schemaId: number | null = null;
  #timeMs = 0;

  /** At least one. `offset`: of the first. */
  constructor(run: RunRows, offset: bigint) {
    this.#rows = new CopiedRows(run.buffer, 0);
    this.#run = run;
    this.#offset = offset;
    this.#bytes = run.bytes;
    this.#find();
  }

  get count(): number {
    return this.#run.count - this.#index;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstTimeMs(): number {
    return this.#timeMs;
  }

  get firstPosition(): number {
    return numberAt(this.#run.buffer, this.#position);
  }

  get lastPosition(): number {
    const { buffer, starts, count } = this.#run;
    return numberAt(buffer, starts[count - 1]! + POSITION);
  }

  first(): TopicRecord {
    const { buffer, topic, partition } = this.#run;
    const bytes = (start: number, end: number): Buffer | null => (start < 0 ? null : buffer.subarray(start, end));
    const headers = this.#headers < 0 ? null : JSON.parse(buffer.toString('utf8', this.#headers, this.#headersEnd));
    writeUuid(messageId, buffer, this.#id);
    return {
      topic,
      partition,
      offset: this.#offset,
      position: buffer.readBigInt64BE(this.#position),
      messageId: messageId.toString('latin1'),
      key: bytes(this.#key, this.#keyEnd),
      value: bytes(this.#value, this.#valueEnd),
      headers: headersOf(headers),
      schemaId: this.#schemaId,
      time: new Date(this.#timeMs),
    };
  }

  writeFirst(batch: RecordBatchWriter, plan: KafkaRecordPlan): boolean {
    // Headers of messages are JSON, and what else a plan adds depends on them: those go the long way.
    if (this.#headers >= 0 || plan.frames === undefined) return batch.add(kafkaRecordOf(this.first(), plan));
    const { buffer } = this.#run;
    const value = this.#schemaId === null || this.#value < 0 ? null : buffer.subarray(this.#value, this.#valueEnd);
    const frame = plan.frames.of(schemaIdHeader(this.#schemaId, value, plan.schemaId));
    const content = frame.bytes + sizeOf(this.#key, this.#keyEnd) + sizeOf(this.#value, this.#valueEnd);
    if (!batch.begin(this.#timeMs, content)) return false;
    writeUuid(messageId, buffer, this.#id);
    batch.bytes(buffer, this.#key, this.#keyEnd);
    batch.bytes(buffer, this.#value, this.#valueEnd);
    batch.raw(frame.before, 0, frame.before.length);
    batch.raw(messageId, 0, UUID_CHARS);
    batch.raw(frame.after, 0, frame.after.length);
    return true;
  }

  advance(): void {
    this.#bytes -= this.#rows.at - this.#run.starts[this.#index]!;
    this.#index += 1;
    this.#offset += 1n;
    if (this.count > 0) this.#find();
  }

  detach(): void {
    if (this.#detached || this.count === 0) return;
    this.#detached = true;
    if (this.#run.buffer.length - this.#bytes < SHARED_BYTES_MAX) return;
    this.#run = ownRows(this.#run, this.#index, this.#bytes);
    this.#rows = new CopiedRows(this.#run.buffer, 0);
    this.#index = 0;
    this.#find();
  }

  /** Finds the fields of the first row. */
  #find(): void {
    const rows = this.#rows;
    rows.at = this.#run.starts[this.#index]!;
    rows.next();
    rows.skip(1);
    this.#position = rows.field();
    this.#id = rows.field();
    this.#key = rows.field();
    this.#keyEnd = rows.at;
    this.#value = rows.field();
    this.#valueEnd = rows.at;
    this.#headers = rows.field();
    this.#headersEnd = rows.at;
    this.#schemaId = rows.int32();
    this.#timeMs = timeMsAt(rows.buffer, rows.field());
  }
}

/** The rows from an index on, in a buffer that holds nothing else. */
function ownRows(run: RunRows, from: number, bytes: number): RunRows {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  const starts = new Int32Array(run.count - from);
  const rows = new CopiedRows(run.buffer, 0);
  let at = 0;
  for (let index = from; index < run.count; index++) {
    rows.at = run.starts[index]!;
    const start = rows.at;
    rows.next();
    rows.skip(ROW_FIELDS);
    starts[index - from] = at;
    at += run.buffer.copy(buffer, at, start, rows.at);
  }
  return { ...run, buffer, starts, count: starts.length, bytes };
}

function sizeOf(start: number, end: number): number {
  return start < 0 ? 1 : bytesWithLength(end - start);
}

/** By the same steps as `date_part('epoch', …) * 1000`, which others read: rounding included. */
function timeMsAt(buffer: Buffer, at: number): number {
  const us = buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4) + EPOCH_US;
  return Math.trunc((us / 1_000_000) * 1_000);
}
