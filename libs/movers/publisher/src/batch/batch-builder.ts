import { RECORD_BATCH_OVERHEAD, RecordBatchWriter } from '#libs/foundation/kafka';
import {
  clampTime,
  kafkaRecordOf,
  type KafkaRecordPlan,
  type StoredRecords,
  type TimeWindow,
} from '#libs/stores/topic';
import type { Lane } from '../lane/lane.ts';
import type { SentBatch } from '../lane/sent-batch.ts';
import type { SessionContext } from '../session/session-context.ts';
import { timeWindow, type TopicLimits } from '../topics/topic-limits.ts';
import { tooLargeRecord } from './too-large-record.ts';

export interface BuiltBatch {
  readonly batch: SentBatch;
  readonly bytes: Buffer;
  /** Records whose timestamps were changed. */
  readonly clamped: number;
}

/** Whether the broker may forget the producer of a batch whose first record is so old while it is new. */
export function isFragile(timeMs: number, producerExpiryMs: number, wallMs: number): boolean {
  return timeMs < wallMs - producerExpiryMs / 2;
}

/**
 * Cuts the next batch off a lane's queue and encodes it for its place. The same records give the same bytes, apart from
 * clamped timestamps. Throws what the functions for records and encoding throw.
 */
export function buildBatch(lane: Lane, fragile: boolean, limits: TopicLimits, context: SessionContext): BuiltBatch {
  const { options, parts, producer, time } = context;
  const from = lane.sendNext;
  const nowMs = time.clock.now();
  const window = lane.clampAll ? { earliestMs: nowMs - CLAMP_ALL_MS, latestMs: nowMs } : timeWindow(limits, nowMs);
  const capped = lane.cap !== undefined && from < lane.cap.before;
  const maxRecords = capped ? Math.min(lane.cap!.records, options.batchRecords) : options.batchRecords;
  const maxBytes = Math.min(options.batchBytes, limits.maxMessageBytes);
  const writer = new RecordBatchWriter({ maxBytes, bytesExpected: expectedBytes(lane, maxRecords) });
  const plan = parts.planFor(lane.start.topic, lane.start.clusterTopic);
  let clamped = 0;
  const { count, bytes, lastPosition } = lane.queue.cut((records) => {
    if (writer.count >= maxRecords) return false;
    const timeMs = records.firstTimeMs;
    const inTime = timeMs >= window.earliestMs && timeMs <= window.latestMs;
    const replaced = lane.placeholders.size > 0 && lane.placeholders.has(from + BigInt(writer.count));
    if (inTime && !replaced) return records.writeFirst(writer, plan);
    if (!addChanged(writer, records, plan, replaced, window)) return false;
    if (!inTime) clamped += 1;
    return true;
  });
  const place =
    lane.start.exact && producer !== null
      ? { producerId: producer.id, producerEpoch: producer.epoch, baseSequence: lane.map.sequenceOf(from) }
      : undefined;
  const { compression } = options;
  return {
    batch: {
      from,
      to: from + BigInt(count),
      records: count,
      bytes,
      lastPosition: BigInt(lastPosition),
      fragile,
      answer: undefined,
    },
    bytes: writer.finish(place === undefined ? { compression } : { place, compression }),
    clamped,
  };
}

/** Adds the first record as the cluster takes it. */
function addChanged(
  writer: RecordBatchWriter,
  records: StoredRecords,
  plan: KafkaRecordPlan,
  replaced: boolean,
  window: TimeWindow,
): boolean {
  const record = records.first();
  return writer.add(clampTime(kafkaRecordOf(replaced ? tooLargeRecord(record) : record, plan), window));
}

/** What the batch takes at most, but for headers that are added. */
function expectedBytes({ queue }: Lane, maxRecords: number): number {
  const next = queue.next;
  const share = next === undefined || next.count <= maxRecords ? 1 : maxRecords / next.count;
  return RECORD_BATCH_OVERHEAD + Math.ceil(queue.bytes * share * EXPECTED_SHARE);
}

/** Headers that are added are about as long as what Postgres sends around a row's fields; a little more saves copying. */
const EXPECTED_SHARE = 1.1;

/** How old a timestamp may be for a broker that refused one although its configs name no limit. */
const CLAMP_ALL_MS = 3_600_000;
